import { z } from 'zod'
import type { Queries } from './postgres.ts'

/** Rows of each table, by tenant. */
export type TenantRows = Readonly<Record<string, Readonly<Record<string, number>>>>

/** Counts what is kept of each tenant, in every table that has tenants, so that a new table cannot be forgotten; but what is let go anyway. */
export async function countTenantRows(queries: Queries): Promise<TenantRows> {
  const tables = await queries.query(z.object({ name: z.string() }), tablesSql)
  const counts: Record<string, Record<string, number>> = {}
  for (const { name } of tables) {
    const sql = `select tenant, count(*) as rows from "${name}" group by tenant`
    for (const { tenant, rows } of await queries.query(countRow, sql)) (counts[tenant] ??= {})[name] = rows
  }
  return counts
}

const countRow = z.object({ tenant: z.string(), rows: z.coerce.number() })

const tablesSql = `select table_name as name from information_schema.columns
  where table_schema = current_schema() and column_name = 'tenant' and table_name not in ('ephemeral', 'sync_leases')
  order by table_name`
