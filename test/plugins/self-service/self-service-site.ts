import { randomBytes } from 'node:crypto'
import type { z } from 'zod'
import { buildApp } from '../../../src/app.ts'
import { openServices } from '../../../src/commands/open-services.ts'
import { registerHandlers } from '../../../src/commands/register-handlers.ts'
import { configSchema } from '../../../src/config/schema.ts'
import type { tenantSchema } from '../../../src/config/tenant-schema.ts'
import { installJobs } from '../../../src/jobs/install-jobs.ts'
import { caughtMails, createCatchingTransport, type CaughtMail } from '../../../src/mail/caught-mail.ts'
import { migrate } from '../../../src/store/migrate.ts'
import { freePort } from '../../support/free-port.ts'
import { until } from '../../support/poll.ts'
import { testDatabase } from '../../support/postgres.ts'
import { testRedis } from '../../support/redis.ts'
import type { Slapd } from '../../support/slapd.ts'
import { testTenantConfig } from '../../support/tenant.ts'
import { createBrowser, type Answer, type Browser } from '../oidc/browser.ts'

export type SelfServiceSite = Awaited<ReturnType<typeof startSite>>

/**
 * The whole service over HTTP on real servers; its mails are caught. `sendsMail: false`: no mail server is
 * configured; `works: false`: no job is done, as in a process that only answers requests.
 */
export async function startSite(
  slapd: Pick<Slapd, 'url' | 'suffix' | 'appDn' | 'appPassword'>,
  {
    sendsMail = true,
    works = true,
    ...changes
  }: Partial<z.input<typeof tenantSchema>> & {
    sendsMail?: boolean
    works?: boolean
  } = {},
) {
  const [port, { url }, redisUrl] = await Promise.all([freePort(), testDatabase(), testRedis()])
  await migrate(url)
  await installJobs(url)
  const issuer = `http://localhost:${port}`
  const config = configSchema.parse({
    version: 1,
    // Tests ask from many addresses: each may ask for few mails only.
    server: { host: '127.0.0.1', port, logLevel: 'debug', trustedProxyHops: 1 },
    database: url,
    ephemeral: { kind: 'redis', url: redisUrl },
    keys: [randomBytes(32).toString('hex')],
    tenants: [testTenantConfig(slapd, { issuer, passwordPolicy: { profile: 'nist' }, ...changes })],
  })
  const opened = await openServices(config, { works, catchesMail: sendsMail })
  const { database, sealer } = opened.services
  if (works)
    await registerHandlers(
      opened,
      createCatchingTransport(database, sealer, () => new Date()),
    )
  await opened.startPeople()
  const lines: string[] = []
  const logStream = { write: (line: string) => void lines.push(line) }
  const app = await buildApp(opened.services, { config, tenants: opened.tenants, logStream })
  await app.listen({ host: '127.0.0.1', port })

  const mailsTo = async (address: string): Promise<CaughtMail[]> =>
    (await caughtMails(database, sealer, 'acme')).filter(({ to }) => to.includes(address))
  return {
    app,
    issuer,
    lines,
    redisUrl,
    mailsTo,
    /** The address in the newest recovery mail to an address, when there is one. */
    linkTo: (address: string) =>
      until(async () => linkIn(await mailsTo(address)), { within: 10_000, every: 30 }),
    async stop() {
      await app.close()
      await opened.close()
    },
  }
}

function linkIn(mails: readonly CaughtMail[]): string | undefined {
  return mails.flatMap(({ text }) => /\S+\/recover\/finish\?token=\S+/.exec(text)?.[0] ?? [])[0]
}

/** The content of a page: its first form is not the one to sign out. */
export function mainOf(page: Answer): Answer {
  return { ...page, text: page.text.slice(page.text.indexOf('<main')) }
}

/** A browser in which the person is signed in. */
export async function signedIn(
  { issuer }: Pick<SelfServiceSite, 'issuer'>,
  login: string,
  password = `pw-${login}`,
): Promise<Browser> {
  const browser = createBrowser()
  const page = await browser.open(`${issuer}/sign-in?to=/account`)
  const answer = await browser.submit(page, { login, password })
  if (!answer.url.endsWith('/account')) throw new Error(`${login} was not signed in: ${answer.text}`)
  return browser
}
