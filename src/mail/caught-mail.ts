import { z } from 'zod'
import type { Database } from '../store/postgres.ts'
import type { Sealer } from '../store/seal.ts'
import type { Mail, MailTransport } from './mail-transport.ts'

export type CaughtMail = Mail & { id: string; caughtAt: Date }

const kept = 100

const mailSchema = z.object({
  tenant: z.string(),
  from: z.string(),
  to: z.array(z.string()),
  subject: z.string(),
  text: z.string(),
  html: z.string(),
})

/** Keeps mails instead of sending them, the newest hundred of each tenant. For the demo. */
export function createCatchingTransport(
  database: Database,
  sealer: Sealer,
  clock: () => Date,
): MailTransport {
  return {
    async send(mail) {
      const sealed = sealer.seal('mail', [mail.tenant], JSON.stringify(mail))
      await database.execute('insert into caught_mails (tenant, sealed, caught_at) values ($1, $2, $3)', [
        mail.tenant,
        sealed,
        clock(),
      ])
      await database.execute(forgetSql, [mail.tenant, kept])
    },
    async close() {},
  }
}

/** The mails that were caught for a tenant, newest first. */
export async function caughtMails(database: Database, sealer: Sealer, tenant: string): Promise<CaughtMail[]> {
  const rows = await database.query(row, listSql, [tenant, kept])
  return rows.map(({ id, sealed, caught_at }) => {
    const mail = mailSchema.parse(JSON.parse(sealer.open('mail', [tenant], sealed).toString()))
    return { ...mail, id, caughtAt: caught_at }
  })
}

const row = z.object({ id: z.string(), sealed: z.string(), caught_at: z.date() })

const listSql = 'select id, sealed, caught_at from caught_mails where tenant = $1 order by id desc limit $2'

const forgetSql = `delete from caught_mails where tenant = $1
  and id <= (select id from caught_mails where tenant = $1 order by id desc offset $2 limit 1)`
