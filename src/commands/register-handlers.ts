import { mailRecoveryLink } from '../accounts/recovery/mail-recovery-link.ts'
import type { MailTransport } from '../mail/mail-transport.ts'
import { sendMail } from '../mail/send-mail.ts'
import type { OpenServices } from './open-services.ts'

const EVERY_NIGHT = '17 3 * * *'

/** Who does which job. Without a transport mails stay in the queue until a worker with one comes. */
export async function registerHandlers(
  { jobs, services, tenants, audit, mailCounts, log }: OpenServices,
  transport: MailTransport | null,
): Promise<void> {
  await jobs.work('recovery.mail', async ({ tenant: name, identifier, origin }) => {
    const tenant = tenants.find((candidate) => candidate.name === name)
    // The tenant left the configuration while the job waited.
    if (tenant === undefined) return
    await mailRecoveryLink(services, tenant, identifier, origin, new Date())
  })
  await jobs.work('audit.purge', async ({ tenant: name }) => {
    const days = tenants.find((candidate) => candidate.name === name)?.config.audit.retentionDays
    if (days === undefined) return
    const before = daysBefore(new Date(), days)
    await audit.purge({ tenant: name, actor: { kind: 'system', id: 'retention' }, before })
  })
  for (const { name } of tenants) await jobs.schedule('audit.purge', EVERY_NIGHT, { tenant: name })
  if (transport === null) return
  await jobs.work('mail.send', async (mail) => {
    const onRefused = (error: Error) =>
      log.warn({ tenant: mail.tenant, reason: error.message }, 'mail refused')
    await sendMail(transport, mail, { onRefused, counts: mailCounts })
  })
}

function daysBefore(now: Date, days: number): Date {
  return new Date(now.getTime() - days * 86_400_000)
}
