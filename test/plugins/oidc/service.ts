import { randomBytes } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { createLiveAccounts } from '../../../plugins/live-accounts.ts'
import { createOidc } from '../../../plugins/oidc/oidc.ts'
import { session } from '../../../plugins/session.ts'
import { postForm, submitButton } from '../../../plugins/web/form.ts'
import { visitor } from '../../../plugins/web/viewer.ts'
import { authenticate } from '../../../src/accounts/authenticate.ts'
import { changePassword } from '../../../src/accounts/change-password.ts'
import { createRefusalTime } from '../../../src/accounts/refusal-time.ts'
import { openFrame } from '../../../src/app.ts'
import { createAudit } from '../../../src/audit/create-audit.ts'
import { createTrail, type Trail } from '../../../src/audit/trail.ts'
import { tenantSchema, type TenantConfig } from '../../../src/config/tenant-schema.ts'
import { connectDatabase } from '../../../src/store/postgres.ts'
import { createRedisStore } from '../../../src/store/redis.ts'
import { createSealer } from '../../../src/store/seal.ts'
import { closeTenant } from '../../../src/tenants/open-tenant.ts'
import { openTestTenant } from '../../support/tenant.ts'
import type { Slapd } from '../../support/slapd.ts'

export type ServiceOptions = {
  slapd: Pick<Slapd, 'url' | 'suffix' | 'appDn' | 'appPassword'>
  redisUrl: string
  databaseUrl: string
  /** Of the tenant's configuration. */
  clients?: readonly object[]
  signIn?: object
  visibility?: readonly object[]
  issuer: string
  /** Port to listen on; a free one when absent. */
  port?: number
  keys?: readonly string[]
}

export const defaultKey = randomBytes(32).toString('hex')
const clock = () => new Date()
const passwordPolicy = { profile: 'nist', blocklist: { has: async () => false } } as const

export type TestService = Awaited<ReturnType<typeof startService>>

/** One replica of the service with what sign-in needs of it, over real HTTP. */
export async function startService(options: ServiceOptions) {
  const { port = 0, keys = [defaultKey], issuer } = options
  const ephemeral = createRedisStore(options.redisUrl)
  const database = connectDatabase(options.databaseUrl)
  const sealer = createSealer(keys)
  const tenant = openTestTenant(tenantConfig(options))
  const lines: string[] = []
  const note = (error: unknown) =>
    void lines.push(error instanceof Error ? String(error.stack) : String(error))
  const audit = createAudit({ database, sealer, clock })
  const trail = createTrail(audit, { clock, onLost: (_, error) => note(error) })
  const findAccount = createLiveAccounts(clock)
  const stores = { ephemeral, database, sealer }
  const noted = { record: trail.record, logError: note }
  const passwordPolicyOf = () => passwordPolicy
  const oidcServices = { ...stores, ...noted, findAccount, passwordPolicyOf, demo: false, clock }
  const oidc = createOidc([tenant], oidcServices)

  const app = await openFrame({
    config: { server: { host: '127.0.0.1', port, trustedProxyHops: 0, logLevel: 'debug' }, keys: [...keys] },
    tenants: [tenant],
    sessionCookie: oidc.sessionCookie,
    viewer: async () => visitor(tenant.config),
    logStream: { write: (line) => void lines.push(line) },
  })
  await app.register(session, { findSession: oidc.findSession, findToken: oidc.findToken, findAccount })
  const accounts = accountActs({ ephemeral, sealer, trail, sessions: oidc.sessions })
  await app.register(async (scope) => oidc.routes(scope, accounts))
  ownRoutes(app)
  const address = await app.listen({ port, host: '127.0.0.1' })

  const stop = async () => {
    await app.close()
    await Promise.all([closeTenant(tenant), ephemeral.close(), audit.settled()])
    await database.close()
  }
  return { app, tenant, oidc, oidcServices, audit, lines, ephemeral, database, issuer, address, stop }
}

function tenantConfig({
  slapd,
  issuer,
  clients = [],
  signIn = {},
  visibility = [],
}: ServiceOptions): TenantConfig {
  const branch = (ou: string) => [{ directory: 'people', base: `ou=${ou},${slapd.suffix}` }]
  const people = {
    name: 'people',
    urls: [slapd.url],
    bind: { dn: slapd.appDn, password: slapd.appPassword },
    defaultPolicy: `cn=default,ou=policies,${slapd.suffix}`,
    connectTimeout: 500,
    operationTimeout: 1_000,
  }
  return tenantSchema.parse({
    name: 'acme',
    issuer,
    displayName: 'Acme',
    directories: [people],
    uses: { signIn: branch('people'), groups: branch('groups') },
    whitePages: { access: 'public', visibility },
    clients,
    roles: [{ name: 'agent', clients: ['robot'], permissions: ['account.read'], rank: 1 }],
    signIn,
  })
}

type Needed = Pick<Parameters<typeof changePassword>[0], 'ephemeral' | 'sealer' | 'sessions'> & {
  trail: Trail
}

function accountActs({
  ephemeral,
  sealer,
  trail,
  sessions,
}: Needed): Parameters<ReturnType<typeof createOidc>['routes']>[1] {
  const refusalTime = createRefusalTime()
  const mailer = { send: async () => {} }
  return {
    authenticate: (tenant, credentials) =>
      authenticate({ ephemeral, trail, refusalTime }, tenant, credentials, clock()),
    changePassword: (tenant, accountId, change) =>
      changePassword(
        { trail, sessions, ephemeral, sealer, mailer, passwordPolicy },
        tenant,
        accountId,
        change,
        clock(),
      ),
  }
}

/** What tests ask: who am I, which session is this, a page with a button to sign out. */
function ownRoutes(app: FastifyInstance): void {
  app.get('/session', async (request) => await request.browserSession())
  app.get('/form', async (_, reply) => {
    const content = submitButton('Sign out')
    return reply
      .type('text/html')
      .send(String(postForm({ action: '/sign-out', csrf: reply.csrf(), content })))
  })
  app.get('/who', async (request) => {
    const actor = await request.actor()
    if (actor.kind === 'anonymous') return { kind: actor.kind }
    const roles = actor.roles.map(({ name }) => name)
    const scopes = actor.scopes === 'session' ? 'session' : [...actor.scopes]
    const name = actor.kind === 'person' ? { login: actor.person.login } : { client: actor.client }
    return { kind: actor.kind, ...name, roles, scopes }
  })
}
