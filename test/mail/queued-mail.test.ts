import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { createQueuedMailer } from '../../src/accounts/queued-mailer.ts'
import { installJobs } from '../../src/jobs/install-jobs.ts'
import { startJobs } from '../../src/jobs/start-jobs.ts'
import { caughtMails, createCatchingTransport } from '../../src/mail/caught-mail.ts'
import { createMailCounts } from '../../src/mail/mail-counts.ts'
import { sendMail } from '../../src/mail/send-mail.ts'
import { migrate } from '../../src/store/migrate.ts'
import { connectDatabase } from '../../src/store/postgres.ts'
import { createSealer } from '../../src/store/seal.ts'
import { until } from '../support/poll.ts'
import { testDatabase } from '../support/postgres.ts'
import { testTenant } from '../support/tenant.ts'

test('a mail that an act asks for is queued and arrives, in the name and language of the tenant', async () => {
  const { url } = await testDatabase()
  await migrate(url)
  await installJobs(url)
  const database = connectDatabase(url)
  const sealer = createSealer([randomBytes(32).toString('hex')])
  const errors: unknown[] = []
  const onError = (error: unknown): void => void errors.push(error)
  const jobs = startJobs({ url, sealer, works: true, onError })
  const inbox = createCatchingTransport(database, sealer, () => new Date())
  await jobs.work('mail.send', (mail) =>
    sendMail(inbox, mail, { onRefused: onError, counts: createMailCounts([]) }),
  )

  const slapd = {
    url: 'ldap://127.0.0.1:1',
    suffix: 'dc=example,dc=org',
    appDn: 'cn=app',
    appPassword: 'unused',
  }
  const tenant = testTenant(slapd, { displayName: 'Acmé', mailFrom: 'Acmé <id@acme.example>', locale: 'fr' })
  const mailer = createQueuedMailer(jobs, { from: 'idaas@localhost', onError })
  const alice = { login: 'alice', displayName: 'Alice', mail: ['alice@acme.example'] }
  await mailer.send(tenant, { ...alice, mail: [] }, { template: 'password-changed' })
  await mailer.send(tenant, alice, { template: 'password-reset' })

  const mails = await until(
    async () => {
      const caught = await caughtMails(database, sealer, 'acme')
      return caught.length > 0 && caught
    },
    { within: 5000 },
  )
  expect(mails).toMatchObject([
    {
      from: 'Acmé <id@acme.example>',
      to: ['alice@acme.example'],
      subject: expect.stringContaining('réinitialisé'),
    },
  ])
  expect(mails[0]?.text).toContain('votre compte alice (Acmé)')
  expect(errors).toEqual([])
  await jobs.stop()

  const away = startJobs({
    url: 'postgresql://idaas@localhost/none?host=/nowhere',
    sealer,
    works: false,
    onError,
  })
  await createQueuedMailer(away, { from: 'idaas@localhost', onError }).send(tenant, alice, {
    template: 'password-reset',
  })
  expect(errors).toMatchObject([{ code: 'store-unavailable' }])
  await away.stop()
  await database.close()
})
