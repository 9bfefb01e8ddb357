import { measureAccounts, type AccountFigures } from '../src/accounts/measure-accounts.ts'
import { readOpenSegments, type OpenSegment } from '../src/audit/open-segments.ts'
import { lookAtCertificate } from '../src/directory/doctor/look-at-certificate.ts'
import { measureServers, type ServerFigures } from '../src/directory/doctor/measure-servers.ts'
import { readQueueFigures, type QueueFigures } from '../src/jobs/queue-figures.ts'
import { readBackupVerified } from '../src/store/backup-verified.ts'
import type { Queries } from '../src/store/postgres.ts'
import type { Tenant } from '../src/tenants/tenant.ts'
import { keepLooking, type Kept } from './keep-looking.ts'

const MINUTE = 60_000
/** A service account that signs in may leave a trace in the directory, which its replicas follow: not every minute. */
const every = {
  servers: 5 * MINUTE,
  issuer: 60 * MINUTE,
  accounts: 60 * MINUTE,
  database: MINUTE / 2,
} as const

export type DatabaseFigures = {
  readonly queues: readonly QueueFigures[]
  readonly openSegments: readonly OpenSegment[]
  readonly backupVerified: Date | null
}

/** What is looked at in the background, each by tenant. */
export type WatchedFigures = {
  readonly servers: readonly { tenant: string; directory: string; kept: Kept<readonly ServerFigures[]> }[]
  readonly accounts: readonly { tenant: string; kept: Kept<AccountFigures> }[]
  /** End of the certificate that the tenant's own address shows; null where it cannot be reached from here. */
  readonly issuers: readonly { tenant: string; issuer: string; kept: Kept<Date | null> }[]
  readonly database: Kept<DatabaseFigures>
}

export type Watching = {
  readonly database: Queries
  readonly tenants: readonly Tenant[]
  readonly clock: () => Date
  readonly onError: (error: unknown, name: string) => void
}

/** Begins to look at directories, accounts and the database; ends when `signal` aborts. Every worker does: what they tell is the same. */
export function watchFigures(
  { database, tenants, clock, onError }: Watching,
  signal: AbortSignal,
): WatchedFigures {
  const keep = <T>(name: string, pause: number, look: () => Promise<T>): Kept<T> =>
    keepLooking(name, pause, look, { signal, onError })
  const names = tenants.map(({ name }) => name)
  return {
    servers: tenants.flatMap((tenant) =>
      tenant.config.directories.map(({ name: directory }) => ({
        tenant: tenant.name,
        directory,
        kept: keep(`servers ${tenant.name}/${directory}`, every.servers, () =>
          lookAtServers(tenant, directory),
        ),
      })),
    ),
    accounts: tenants.map((tenant) => ({
      tenant: tenant.name,
      kept: keep(`accounts ${tenant.name}`, every.accounts, () => measureAccounts(tenant, clock())),
    })),
    issuers: tenants
      .filter(({ issuer }) => issuer.startsWith('https:'))
      .map(({ name, issuer }) => ({
        tenant: name,
        issuer,
        kept: keep(`issuer ${name}`, every.issuer, () => certificateEnd(issuer)),
      })),
    database: keep('database', every.database, async () => ({
      queues: await readQueueFigures(database),
      openSegments: await readOpenSegments(database, names),
      backupVerified: await readBackupVerified(database),
    })),
  }
}

async function lookAtServers(
  { config, directories, uses }: Tenant,
  name: string,
): Promise<readonly ServerFigures[]> {
  const one = config.directories.find((directory) => directory.name === name)
  const kind = directories.get(name)?.kind
  if (one === undefined || kind === undefined) return []
  const branches = Object.values(uses).flat()
  const bases = branches.filter(({ directory }) => directory.name === name).map(({ base }) => base)
  return await measureServers(one, kind, bases)
}

/** Whether a pod reaches the address of its own service is up to the cluster. */
async function certificateEnd(issuer: string): Promise<Date | null> {
  const { hostname, port } = new URL(issuer)
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  const endpoint = { type: 'tcp', host, port: Number(port === '' ? '443' : port), tls: true } as const
  try {
    return (await lookAtCertificate(endpoint, {})).end
  } catch {
    return null
  }
}
