import { z } from 'zod'
import { inIndexOrder } from './in-index-order.ts'
import type { Database } from './postgres.ts'

/** A run that read all of its source and applied what came of it: an approved preview is one. */
export const isCompleteSql = `kind = 'full' and state = 'done' and (not preview or approved_by is not null)`

/** Rows that one statement deletes: some 0.1 s, so that it holds up nobody. */
const PART = 20_000

/** What `SyncRuns.purge` does. Killed in the middle, the next purge goes on: a run goes after its journal. */
export async function purgeRuns(database: Database, tenant: string, before: Date): Promise<number> {
  const runs = await database.query(runIdRow, oldSql, [tenant, before])
  for (const { id } of runs) {
    for (const table of ['sync_journal', 'sync_findings'] as const) await deleteRows(database, table, id)
    await database.execute('delete from sync_runs where id = $1', [id])
  }
  return runs.length
}

async function deleteRows(
  database: Database,
  table: 'sync_journal' | 'sync_findings',
  run: string,
): Promise<void> {
  const nextSql = `select max(seq)::text as seq from
    (select seq from ${table} where run = $1 and seq > $2 order by seq limit ${PART}) part`
  let after = '-1'
  while (true) {
    const part = [run, after]
    const [last] = await inIndexOrder(database, (queries) => queries.query(seqRow, nextSql, part))
    if (last === undefined || last.seq === null) return
    await database.execute(`delete from ${table} where run = $1 and seq > $2 and seq <= $3`, [
      ...part,
      last.seq,
    ])
    after = last.seq
  }
}

const seqRow = z.object({ seq: z.string().nullable() })

const runIdRow = z.object({ id: z.string() })

const oldSql = `select id from sync_runs
  where tenant = $1 and coalesce(ended_at, heartbeat_at, requested_at) < $2 and id not in
    (select distinct on (task) id from sync_runs where tenant = $1 and ${isCompleteSql} order by task, id desc)
  order by id`
