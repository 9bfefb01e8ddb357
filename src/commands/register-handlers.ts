import { mailRecoveryLink } from '../accounts/mail-recovery-link.ts'
import type { MailTransport } from '../mail/mail-transport.ts'
import { sendMail } from '../mail/send-mail.ts'
import type { OpenServices } from './open-services.ts'

/** Who does which job. Without a transport mails stay in the queue until a worker with one comes. */
export async function registerHandlers(
  { jobs, services, tenants, log }: OpenServices,
  transport: MailTransport | null,
): Promise<void> {
  await jobs.work('recovery.mail', async ({ tenant: name, identifier, origin }) => {
    const tenant = tenants.find((candidate) => candidate.name === name)
    // The tenant left the configuration while the job waited.
    if (tenant === undefined) return
    await mailRecoveryLink(services, tenant, identifier, origin, new Date())
  })
  if (transport === null) return
  await jobs.work('mail.send', async (mail) => {
    await sendMail(transport, mail, (error) =>
      log.warn({ tenant: mail.tenant, reason: error.message }, 'mail refused'),
    )
  })
}
