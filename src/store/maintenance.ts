import { z } from 'zod'
import type { Database } from './postgres.ts'

/** What a tenant's pages say for now, and whether its data are read-only. */
export type Maintenance = {
  readonly readOnly: boolean
  /** When it is said to end. */
  readonly until: Date | null
  /** Words of the operator; null in a language for the usual ones. */
  readonly en: string | null
  readonly fr: string | null
  readonly by: string
  readonly since: Date
}

export interface MaintenanceStore {
  /**
   * Null when there is none. An announcement is over when its time has come; read-only mode is not: what takes longer than planned must not be
   * written to meanwhile.
   */
  read(tenant: string, now: Date): Promise<Maintenance | null>
  /** Takes the place of the one that there is. */
  begin(tenant: string, maintenance: Maintenance): Promise<void>
  /** False when there was none. */
  end(tenant: string): Promise<boolean>
}

export function createMaintenanceStore(database: Database): MaintenanceStore {
  return {
    async read(tenant, now) {
      const [found] = await database.query(row, readSql, [tenant, now])
      return found ?? null
    },
    async begin(tenant, { readOnly, until, en, fr, by, since }) {
      await database.execute(beginSql, [tenant, readOnly, until, en, fr, by, since])
    },
    end: async (tenant) =>
      (await database.execute('delete from maintenance where tenant = $1', [tenant])) === 1,
  }
}

const row = z.object({
  readOnly: z.boolean(),
  until: z.date().nullable(),
  en: z.string().nullable(),
  fr: z.string().nullable(),
  by: z.string(),
  since: z.date(),
})

const readSql = `select read_only as "readOnly", until, message_en as en, message_fr as fr, begun_by as by, begun_at as since
  from maintenance where tenant = $1 and (read_only or until is null or until > $2)`

const beginSql = `insert into maintenance (tenant, read_only, until, message_en, message_fr, begun_by, begun_at)
  values ($1, $2, $3, $4, $5, $6, $7)
  on conflict (tenant) do update set read_only = excluded.read_only, until = excluded.until, message_en = excluded.message_en,
    message_fr = excluded.message_fr, begun_by = excluded.begun_by, begun_at = excluded.begun_at`
