import { z } from 'zod'
import { doneMigrations, pendingMigrations } from '../../store/migrations.ts'
import type { Database } from '../../store/postgres.ts'
import { countTenantRows } from '../../store/tenant-rows.ts'

/** What the database is and how full; of what people did, how often and with what result. Nobody's name, and no free text. */
export async function databaseFacts(database: Database) {
  const [server] = await database.query(versionRow, 'select version() as version')
  return {
    server: server?.version,
    migrations: { done: [...(await doneMigrations(database))], pending: await pendingMigrations(database) },
    tables: await database.query(tableRow, tablesSql),
    rows: await countTenantRows(database),
    jobs: await orNone(() => database.query(jobRow, jobsSql)),
    syncRuns: await orNone(() => database.query(runRow, runsSql)),
    audit: await orNone(() => database.query(auditRow, auditSql)),
    maintenance: await orNone(() => database.query(maintenanceRow, maintenanceSql)),
  }
}

/** A database that was not migrated has no such table: that is among what support wants to see. */
async function orNone<T>(read: () => Promise<T>): Promise<T | null> {
  return await read().catch(() => null)
}

const versionRow = z.object({ version: z.string() })

const tableRow = z.object({ table: z.string(), bytes: z.coerce.number(), rows: z.coerce.number() })
const tablesSql = `select relname as table, pg_total_relation_size(oid) as bytes, reltuples as rows from pg_class
  where relkind = 'r' and relnamespace = current_schema()::regnamespace order by 1`

const jobRow = z.object({ name: z.string(), state: z.string(), jobs: z.coerce.number(), oldest: z.date() })
const jobsSql = `select name, state::text as state, count(*) as jobs, min(created_on) as oldest from pgboss.job group by 1, 2 order by 1, 2`

const runRow = z.object({
  id: z.string(),
  tenant: z.string(),
  task: z.string(),
  kind: z.string(),
  state: z.string(),
  requestedAt: z.date(),
  endedAt: z.date().nullable(),
  counts: z.unknown(),
  guards: z.unknown(),
  failureCode: z.string().nullable(),
})
const runsSql = `select id, tenant, task, kind, state, requested_at as "requestedAt", ended_at as "endedAt", counts, guards,
  failure_code as "failureCode" from sync_runs order by id desc limit 50`

const auditRow = z.object({
  tenant: z.string(),
  action: z.string(),
  result: z.string(),
  code: z.string().nullable(),
  events: z.coerce.number(),
})
const auditSql = `select tenant, action, entry ->> 'result' as result, entry ->> 'code' as code, count(*) as events from audit_events
  where time > to_char(now() at time zone 'utc' - interval '7 days', 'YYYY-MM-DD"T"HH24:MI:SS') group by 1, 2, 3, 4 order by 1, 2, 3, 4`

const maintenanceRow = z.object({
  tenant: z.string(),
  readOnly: z.boolean(),
  until: z.date().nullable(),
  since: z.date(),
})
const maintenanceSql = `select tenant, read_only as "readOnly", until, begun_at as since from maintenance`
