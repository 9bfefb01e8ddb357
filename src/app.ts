import cookie from '@fastify/cookie'
import fastify, { type FastifyRequest } from 'fastify'
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import { auditTrail } from '../plugins/audit/audit.ts'
import { figuresOf } from '../plugins/describe-directories.ts'
import { branding } from '../plugins/branding.ts'
import { doctor } from '../plugins/doctor/doctor.ts'
import { draining } from '../plugins/draining.ts'
import { earlyErrors } from '../plugins/early-errors.ts'
import { errors } from '../plugins/errors.ts'
import { createHealthReader, health, type Check } from '../plugins/health.ts'
import { inputLimits, serverLimits } from '../plugins/input-limits.ts'
import { createLiveAccounts } from '../plugins/live-accounts.ts'
import { loggingOptions, requestLog, type LoggingOptions } from '../plugins/logging.ts'
import { maintenance } from '../plugins/maintenance.ts'
import { metrics } from '../plugins/metrics.ts'
import { createOidc } from '../plugins/oidc/oidc.ts'
import { openapi } from '../plugins/openapi.ts'
import { pages } from '../plugins/pages.ts'
import { portal } from '../plugins/portal/portal.ts'
import { routeTable } from '../plugins/route-table.ts'
import { security } from '../plugins/security.ts'
import { selfService } from '../plugins/self-service/self-service.ts'
import { serviceDesk } from '../plugins/service-desk/service-desk.ts'
import { session } from '../plugins/session.ts'
import { syncConsole } from '../plugins/sync-console/sync-console.ts'
import { tenantHost } from '../plugins/tenant-host.ts'
import { tenantTexts } from '../plugins/tenant-texts.ts'
import { assets } from '../plugins/web/assets.ts'
import type { Viewer } from '../plugins/web/layout.ts'
import { viewerOf } from '../plugins/web/viewer.ts'
import { watchMaintenance } from '../plugins/watch-maintenance.ts'
import { whitePages } from '../plugins/white-pages/white-pages.ts'
import { authenticate } from './accounts/authenticate.ts'
import { changePassword } from './accounts/change-password.ts'
import type { Mailer } from './accounts/mailer.ts'
import type { PasswordPolicy } from './accounts/password/password-policy.ts'
import { createRefusalTime } from './accounts/refusal-time.ts'
import type { TenantPeople } from './accounts/people/tenant-people.ts'
import type { Audit } from './audit/create-audit.ts'
import type { CountedTrail } from './audit/trail.ts'
import type { Config } from './config/schema.ts'
import type { Jobs } from './jobs/start-jobs.ts'
import { Problem } from './problems/problem.ts'
import type { EphemeralStore } from './store/ephemeral.ts'
import { createMaintenanceStore, type MaintenanceStore } from './store/maintenance.ts'
import type { Database } from './store/postgres.ts'
import type { Sealer } from './store/seal.ts'
import { readSyncFigures } from './store/sync-figures.ts'
import { tenantByHost } from './tenants/tenant-hosts.ts'
import type { Tenant } from './tenants/tenant.ts'

/** What the service stands on, opened and closed by the command that runs it. */
export type Services = {
  /** Tells configurations apart: of the one that this process read. */
  configHash: string
  database: Database
  ephemeral: EphemeralStore
  audit: Pick<Audit, 'list'>
  trail: CountedTrail
  mailer: Mailer
  jobs: Pick<Jobs, 'send'>
  sealer: Sealer
  passwordPolicyOf: (tenant: Tenant) => PasswordPolicy
  peopleOf: (tenant: Tenant) => TenantPeople
}

export type AppOptions = {
  config: Pick<Config, 'server' | 'keys'>
  tenants: readonly Tenant[]
  demo?: boolean
  clock?: () => Date
  logStream?: LoggingOptions['stream']
}

/** The service, ready to listen: every plugin, prefix and guard, in order. */
export async function buildApp(services: Services, options: AppOptions) {
  const { config, tenants, demo = false, clock = () => new Date() } = options
  const { ephemeral, sealer, trail, mailer, passwordPolicyOf } = services
  const findAccount = createLiveAccounts(clock)
  const logError = (err: unknown, requestId: string) => app.log.error({ err, requestId }, 'sign-in failed')
  const oidc = createOidc(tenants, { ...services, record: trail.record, findAccount, demo, clock, logError })
  const { findSession, findToken, sessions, sessionCookie } = oidc
  const refusalTime = createRefusalTime()
  const imported = await importedTasks(tenants)
  const viewer = async (request: FastifyRequest) => viewerOf(await request.actor())

  const app = await openFrame({
    ...options,
    sessionCookie,
    viewer,
    maintenance: createMaintenanceStore(services.database),
  })
  await app.register(session, { findSession, findToken, findAccount })
  const readHealth = createHealthReader(checksOf(services, tenants), clock)
  await app.register(health, { readHealth })
  await app.register(metrics, {
    ...metricsPlace(config),
    readHealth,
    configHash: services.configHash,
    events: () => trail.counts(),
    directories: () => figuresOf(tenants),
    sync: () => readSyncFigures(services.database, tasksOf(tenants, imported)),
  })
  await app.register(openapi, { viewer })
  await app.register(whitePages, { peopleOf: services.peopleOf })
  await app.register(serviceDesk, { ...services, sessions, clock })
  await app.register(selfService, { ...services, sessions, clock })
  await app.register(portal)
  await app.register(auditTrail, { ...services, clock })
  await app.register(doctor, { clock })
  await app.register(syncConsole, { ...services, clock, importedTasks: imported })
  await app.register(async (scope) => {
    await oidc.routes(scope, {
      authenticate: async (tenant, credentials) =>
        await authenticate({ ephemeral, trail, refusalTime }, tenant, credentials, clock()),
      changePassword: async (tenant, accountId, change) => {
        const passwordPolicy = passwordPolicyOf(tenant)
        const written = { ephemeral, sealer, trail, mailer, sessions, passwordPolicy }
        return await changePassword(written, tenant, accountId, change, clock())
      },
    })
  })
  if (demo) await app.register((await import('../plugins/demo/demo.ts')).demo, { services, viewer })
  app.refuseUnusedMethods()
  return app
}

export type FrameOptions = AppOptions & {
  sessionCookie: (issuer: string) => string
  viewer: (request: FastifyRequest) => Promise<Viewer>
  maintenance?: Pick<MaintenanceStore, 'read'>
}

const noMaintenance: Pick<MaintenanceStore, 'read'> = { read: async () => null }

/** What every request passes, in this order; products are registered on it. */
export async function openFrame(options: FrameOptions) {
  const {
    config,
    tenants,
    demo = false,
    clock = () => new Date(),
    logStream,
    sessionCookie,
    viewer,
  } = options
  const { logLevel: level, trustedProxyHops } = config.server
  const match = tenantByHost(tenants)
  const tenantOf = (host: string | undefined) => nameOf(match(host))
  const stream = logStream === undefined ? {} : { stream: logStream }
  const app = fastify({
    ...serverLimits,
    ...earlyErrors,
    ...loggingOptions({ level, tenantOf, isBehindProxy: trustedProxyHops > 0, ...stream }),
    // As a function: Fastify takes a number of hops for none at all. Exactly these are believed; what a client wrote itself is beyond.
    trustProxy: (_address, hop) => hop < trustedProxyHops,
  }).withTypeProvider<ZodTypeProvider>()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)

  const isHttps = tenants.every((tenant) => tenant.issuer.startsWith('https:'))
  await app.register(routeTable)
  await app.register(draining)
  await app.register(requestLog)
  await app.register(cookie, { secret: config.keys })
  await app.register(security, { isHttps, sessionCookie })
  await app.register(tenantHost, { tenants })
  const watch = watchMaintenance(options.maintenance ?? noMaintenance, clock)
  await app.register(maintenance, { watch, clock })
  await app.register(inputLimits)
  await app.register(assets)
  await app.register(branding, { tenants })
  await app.register(pages, { demo })
  await app.register(errors, { viewer })
  await app.register(tenantTexts, { viewer })
  return app
}

function nameOf(match: ReturnType<ReturnType<typeof tenantByHost<Tenant>>>): string | undefined {
  return match.kind === 'unknown' ? undefined : match.tenant.name
}

/** Tasks of an lsc.xml that tenants name; most name none, and start without what reads one. */
async function importedTasks(tenants: readonly Tenant[]) {
  if (tenants.every(({ config }) => config.sync.lsc.length === 0)) return new Map<string, never[]>()
  const { openImports } = await import('../sync/lsc/open-imports.ts')
  const { describeTask } = await import('../sync/task/describe-task.ts')
  const { tasks } = await openImports(tenants, process.env)
  return new Map([...tasks].map(([tenant, own]) => [tenant, own.map(describeTask)]))
}

function tasksOf(
  tenants: readonly Tenant[],
  imported: ReadonlyMap<string, readonly { name: string }[]>,
): { tenant: string; task: string }[] {
  return tenants.flatMap(({ name: tenant, config }) =>
    [...config.sync.tasks, ...(imported.get(tenant) ?? [])].map((task) => ({ tenant, task: task.name })),
  )
}

function metricsPlace({ server }: AppOptions['config']) {
  return { host: server.host, ...(server.metricsPort === undefined ? {} : { port: server.metricsPort }) }
}

/**
 * The stores are needed by everybody; of several directories each is needed by its tenant alone. A replica
 * that is still reading people refuses searches: it gets no requests before, so that a rolling update is not
 * felt.
 */
function checksOf(
  { database, ephemeral, peopleOf }: Services,
  tenants: readonly Tenant[],
): Record<string, Check> {
  const directories = directoriesOf(tenants)
  return {
    database: { needed: true, run: () => database.ping() },
    ephemeral: { needed: true, run: () => ephemeral.ping() },
    ...Object.fromEntries(
      tenants.map((tenant) => [
        `people ${tenant.name}`,
        { needed: true, run: () => requireStarted(peopleOf(tenant)) },
      ]),
    ),
    ...Object.fromEntries(
      directories.map(({ tenant, directory }) => [
        `directory ${tenant.name}/${directory.name}`,
        { needed: directories.length === 1, run: () => directory.ping() },
      ]),
    ),
  }
}

async function requireStarted(people: Pick<TenantPeople, 'isStarted'>): Promise<void> {
  if (!people.isStarted()) throw new Problem('directory-unavailable')
}

function directoriesOf(tenants: readonly Tenant[]) {
  return tenants.flatMap((tenant) =>
    [...tenant.directories.values()].map((directory) => ({ tenant, directory })),
  )
}
