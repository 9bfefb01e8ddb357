import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Database } from './postgres.ts'

/** One runner per task across replicas: held while it is renewed, free again `seconds` after the last renewal. PostgreSQL's clock decides. */
export interface SyncLeases {
  /** Null when another holds it. */
  take(tenant: string, task: string, seconds: number): Promise<Lease | null>
  /** Who holds it now. */
  holder(tenant: string, task: string): Promise<Holder | null>
  /** The same of each of the tasks, by task. */
  holders(tenant: string, tasks: readonly string[]): Promise<ReadonlyMap<string, Holder>>
}
export type Holder = { readonly holder: string; readonly until: Date }
export interface Lease {
  /** False: it was lost, stop at once. */
  renew(): Promise<boolean>
  release(): Promise<void>
}

/** `holder`: this process, as people know it (host name and process id). */
export function createSyncLeases(database: Database, holder: string): SyncLeases {
  async function holders(tenant: string, tasks: readonly string[]) {
    const rows = await database.query(holderRow, holdersSql, [tenant, tasks])
    return new Map(rows.map(({ task, ...held }) => [task, held]))
  }
  return {
    async take(tenant, task, seconds) {
      const place = [tenant, task, randomUUID()]
      if ((await database.execute(takeSql, [...place, holder, seconds])) === 0) return null
      return {
        renew: async () => (await database.execute(renewSql, [...place, seconds])) === 1,
        async release() {
          await database.execute(releaseSql, place)
        },
      }
    },
    holder: async (tenant, task) => (await holders(tenant, [task])).get(task) ?? null,
    holders,
  }
}

const holderRow = z.object({ task: z.string(), holder: z.string(), until: z.date() })

// clock_timestamp, not now: whoever waits for another's statement must not judge by the time before it waited.
const takeSql = `insert into sync_leases (tenant, task, lease, holder, until)
  values ($1, $2, $3, $4, clock_timestamp() + make_interval(secs => $5))
  on conflict (tenant, task) do update set lease = excluded.lease, holder = excluded.holder,
    until = clock_timestamp() + make_interval(secs => $5)
  where sync_leases.until <= clock_timestamp()`

// A late renewal counts as long as nobody else took it: nothing ran in between.
const renewSql = `update sync_leases set until = clock_timestamp() + make_interval(secs => $4)
  where tenant = $1 and task = $2 and lease = $3`

const releaseSql = 'delete from sync_leases where tenant = $1 and task = $2 and lease = $3'

const holdersSql = `select task, holder, until from sync_leases
  where tenant = $1 and task = any($2) and until > clock_timestamp()`
