import { userInfo } from 'node:os'
import type { Config } from '../../src/config/schema.ts'
import type { Jobs } from '../../src/jobs/start-jobs.ts'
import { commandText } from '../../src/messages/command-text.ts'
import type { Database } from '../../src/store/postgres.ts'
import type { Sealer } from '../../src/store/seal.ts'
import type { Tenant } from '../../src/tenants/tenant.ts'
import { tenantNamed } from '../../src/tenants/tenants-named.ts'
import type { Audit } from '../../src/audit/create-audit.ts'
import type { Trail } from '../../src/audit/trail.ts'
import { openImports } from '../lsc/open-imports.ts'
import { createSyncEngine, type SyncEngine } from '../run/create-engine.ts'

/** What the program gives its commands: `src/commands` is not for us to import. */
export type CommandHost = {
  readonly config: (path: string | undefined) => Promise<Config>
  readonly open: (config: Config) => Promise<OpenedServices>
}

export type OpenedServices = {
  readonly services: {
    readonly audit: Pick<Audit, 'list'>
    readonly database: Database
    readonly jobs: Pick<Jobs, 'send'>
    readonly sealer: Sealer
    readonly trail: Trail
  }
  readonly tenants: readonly Tenant[]
  close(): Promise<void>
}

/** The options that every command of the synchronization has. */
export const commonOptions = {
  config: { type: 'string' },
  tenant: { type: 'string' },
  json: { type: 'boolean' },
} as const

export type Work = {
  readonly engine: SyncEngine
  readonly tenant: Tenant
  readonly trail: Trail
  /** Who is at the keyboard, for the history and the audit. */
  readonly operator: string
  readonly clock: () => Date
  /** Aborted by SIGINT and SIGTERM. */
  readonly signal: AbortSignal
}

/** Opens the installation for one command, and closes it. Throws `CannotStart` when the tenant is not clear, or the database is not there. */
export async function withEngine(
  host: CommandHost,
  { config: path, tenant: name }: { config?: string | undefined; tenant?: string | undefined },
  act: (work: Work) => Promise<number>,
): Promise<number> {
  const opened = await host.open(await host.config(path))
  const stop = new AbortController()
  const onSignal = (): void => stop.abort()
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal)
  try {
    const clock = (): Date => new Date()
    const { services, tenants } = opened
    const imports = await openImports(tenants, process.env)
    const engine = createSyncEngine({ ...services, tenants, imports, clock })
    const tenant = namedOf(tenants, name)
    const operator = userInfo().username
    return await act({ engine, tenant, trail: services.trail, operator, clock, signal: stop.signal })
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
    await opened.close()
  }
}

/** The tenant that was asked for, or the only one. Throws `CannotStart`. */
export function namedOf<T extends { readonly name: string }>(
  tenants: readonly T[],
  name: string | undefined,
): T {
  const known = tenants.map((tenant) => tenant.name).join(', ')
  return tenantNamed(tenants, name, commandText('command.tenant.which', { known }))
}
