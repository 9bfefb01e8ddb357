import { z } from 'zod'
import type { Database } from './postgres.ts'

/** While a tenant is frozen no run writes; one that is read-only for a maintenance is frozen by it. */
export interface SyncFreeze {
  read(tenant: string): Promise<Frozen | null>
  /** Who froze it first stays: false when it is frozen already. */
  freeze(tenant: string, by: string, reason: string, now: Date): Promise<boolean>
  /** False when it was not frozen. */
  thaw(tenant: string): Promise<boolean>
}
export type Frozen = { readonly by: string; readonly at: Date; readonly reason: string }

export function createSyncFreeze(database: Database): SyncFreeze {
  return {
    async read(tenant) {
      const [row] = await database.query(frozenRow, readSql, [tenant])
      return row ?? null
    },
    freeze: async (tenant, by, reason, now) =>
      (await database.execute(freezeSql, [tenant, by, now, reason])) === 1,
    thaw: async (tenant) =>
      (await database.execute('delete from sync_freezes where tenant = $1', [tenant])) === 1,
  }
}

const frozenRow = z.object({ by: z.string(), at: z.date(), reason: z.string() })

const readSql = `select frozen_by as by, frozen_at as at, reason from sync_freezes where tenant = $1
  union all select begun_by, begun_at, coalesce(message_en, message_fr, 'maintenance') from maintenance where tenant = $1 and read_only
  limit 1`

const freezeSql = `insert into sync_freezes (tenant, frozen_by, frozen_at, reason) values ($1, $2, $3, $4)
  on conflict (tenant) do nothing`
