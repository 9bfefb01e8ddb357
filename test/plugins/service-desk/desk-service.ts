import { randomBytes } from 'node:crypto'
import { buildApp } from '../../../src/app.ts'
import { loadBlocklist } from '../../../src/accounts/password/blocklist.ts'
import { createQueuedMailer } from '../../../src/accounts/queued-mailer.ts'
import { openPeople } from '../../../src/accounts/people/tenant-people.ts'
import { createAudit } from '../../../src/audit/create-audit.ts'
import { createTrail } from '../../../src/audit/trail.ts'
import { installJobs } from '../../../src/jobs/install-jobs.ts'
import { startJobs } from '../../../src/jobs/start-jobs.ts'
import { migrate } from '../../../src/store/migrate.ts'
import { connectDatabase } from '../../../src/store/postgres.ts'
import { createRedisStore } from '../../../src/store/redis.ts'
import { createSealer, type Sealer } from '../../../src/store/seal.ts'
import { closeTenant } from '../../../src/tenants/open-tenant.ts'
import type { Tenant } from '../../../src/tenants/tenant.ts'
import { freePort } from '../../support/free-port.ts'
import { testDatabase } from '../../support/postgres.ts'
import { testRedis } from '../../support/redis.ts'
import type { Slapd } from '../../support/slapd.ts'
import { testTenant } from '../../support/tenant.ts'
import { createBrowser, type Browser } from '../oidc/browser.ts'
import { tokenRequest } from '../oidc/application.ts'

type Changes = NonNullable<Parameters<typeof testTenant>[1]>
export type DeskService = Awaited<ReturnType<typeof startDeskService>>

const secret = 'robot-secret-robot-secret'
const allScopes = ['people.read', 'accounts.read', 'accounts.manage', 'audit.read'] as const
const robot = (id: string) => ({
  id,
  secret,
  grants: ['client_credentials' as const],
  apiScopes: [...allScopes],
})

/** The whole service over HTTP on real servers: clients `cli` (role desk) and `nobody` (no role) use the API, people sign in. */
export async function startDeskService(
  slapd: Slapd,
  {
    changes = {},
    databaseUrl,
    redisUrl,
  }: { changes?: Changes; databaseUrl?: string; redisUrl?: string } = {},
) {
  const port = await freePort()
  const url = databaseUrl ?? (await testDatabase()).url
  await migrate(url)
  await installJobs(url)
  const keys = [randomBytes(32).toString('hex')]
  const stores = { url, redisUrl: redisUrl ?? (await testRedis()), sealer: createSealer(keys) }
  const clients = [robot('cli'), robot('nobody')]
  const tenant = testTenant(slapd, { issuer: `http://localhost:${port}`, clients, ...changes })
  const lines: string[] = []
  const { services, close } = await openServices(tenant, stores, (error) => void lines.push(String(error)))
  const server = { host: '127.0.0.1', port, trustedProxyHops: 0, logLevel: 'info' as const }
  const logStream = { write: (line: string) => void lines.push(line) }
  const app = await buildApp(services, { config: { server, keys }, tenants: [tenant], logStream })
  await app.listen({ host: '127.0.0.1', port })
  return {
    app,
    tenant,
    ...services,
    lines,
    redisUrl: stores.redisUrl,
    issuer: tenant.issuer,
    async stop() {
      await app.close()
      await close()
    },
  }
}

async function openServices(
  tenant: Tenant,
  { url, redisUrl, sealer }: { url: string; redisUrl: string; sealer: Sealer },
  onError: (error: unknown) => void,
) {
  const database = connectDatabase(url, { connectTimeout: 500 })
  const ephemeral = createRedisStore(redisUrl)
  const audit = createAudit({ database, sealer })
  const people = openPeople(tenant, onError)
  await people.start()
  const blocklist = await loadBlocklist([])
  const jobs = startJobs({ url, sealer, works: true, onError })
  return {
    services: {
      configHash: 'a1b2c3d4e5f6',
      database,
      sealer,
      ephemeral,
      audit,
      trail: createTrail(audit, { clock: () => new Date(), onLost: () => {} }),
      mailer: createQueuedMailer(jobs, { from: 'idaas@localhost', onError }),
      jobs,
      peopleOf: () => people,
      passwordPolicyOf: () => ({ profile: 'nist' as const, blocklist }),
    },
    async close() {
      people.close()
      await jobs.stop()
      await audit.settled()
      await closeTenant(tenant)
      await Promise.all([ephemeral.close(), database.close()])
    },
  }
}

/** A browser in which the person has signed in through the pages. */
export async function signedIn(
  { issuer }: DeskService,
  login: string,
  password = `pw-${login}`,
): Promise<Browser> {
  const browser = createBrowser()
  const page = await browser.open(`${issuer}/sign-in?to=/people`)
  const answer = await browser.submit(page, { login, password })
  if (new URL(answer.url).pathname !== '/people') throw new Error(`${login} is not signed in: ${answer.url}`)
  return browser
}

/** A token of one of the clients. */
export async function tokenOf(
  service: DeskService,
  id = 'cli',
  scopes: readonly string[] = allScopes,
): Promise<string> {
  const fields = { grant_type: 'client_credentials', scope: scopes.join(' ') }
  const { body } = await tokenRequest(service, fields, { id, secret })
  if (typeof body['access_token'] !== 'string') throw new Error(JSON.stringify(body))
  return body['access_token']
}

export type ApiAnswer = { status: number; headers: Headers; body: Record<string, unknown> }

/** A call of the API by a program. A body makes it a POST. */
export async function call(
  { issuer }: Pick<DeskService, 'issuer'>,
  path: string,
  { token, body, headers = {} }: { token?: string; body?: object; headers?: Record<string, string> } = {},
): Promise<ApiAnswer> {
  const response = await fetch(`${issuer}/api/v1${path}`, {
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
  })
  return { status: response.status, headers: response.headers, body: Object(await response.json()) }
}
