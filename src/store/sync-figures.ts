import { z } from 'zod'
import type { Database } from './postgres.ts'

/** One task as monitoring sees it: the same from every replica, since all of it is read from the tables. */
export type TaskFigures = {
  readonly tenant: string
  readonly task: string
  /** Runs that came to rest, by state; since ever. */
  readonly runs: ReadonlyMap<string, number>
  /** Changes that were made, by kind; since ever. */
  readonly changes: ReadonlyMap<string, number>
  /** Entries that failed, and that somebody had changed meanwhile; since ever. */
  readonly errors: ReadonlyMap<string, number>
  readonly lastSuccess: Date | null
  /** Of the last run that ended. */
  readonly lastEnd: Date | null
  readonly lastSeconds: number | null
}

const totalRow = z.object({
  tenant: z.string(),
  task: z.string(),
  counter: z.string(),
  value: z.coerce.number(),
})

const taskRow = z.object({
  tenant: z.string(),
  task: z.string(),
  lastSuccess: z.date().nullable(),
  lastEnd: z.date().nullable(),
  lastSeconds: z.coerce.number().nullable(),
})

export async function readSyncFigures(
  database: Database,
  tasks: readonly { tenant: string; task: string }[],
): Promise<readonly TaskFigures[]> {
  const names = [tasks.map(({ tenant }) => tenant), tasks.map(({ task }) => task)]
  const rows = await database.query(taskRow, tasksSql, names)
  const totals = await database.query(totalRow, totalsSql, names)
  return rows.map((row) => {
    const own = totals.filter(({ tenant, task }) => tenant === row.tenant && task === row.task)
    const byPrefix = (prefix: string): ReadonlyMap<string, number> =>
      new Map(
        own
          .filter(({ counter }) => counter.startsWith(prefix))
          .map(({ counter, value }) => [counter.slice(prefix.length), value]),
      )
    return { ...row, runs: byPrefix('run.'), changes: byPrefix('change.'), errors: byPrefix('error.') }
  })
}

const totalsSql = `select tenant, task, counter, value from sync_totals
  where (tenant, task) in (select * from unnest($1::text[], $2::text[]))`

// Both find their row at the end of the index, whatever there is in the history.
const tasksSql = `select name.tenant, name.task, success.ended_at as "lastSuccess", last.ended_at as "lastEnd",
    extract(epoch from last.ended_at - last.started_at) as "lastSeconds"
  from unnest($1::text[], $2::text[]) name (tenant, task)
  left join lateral (select ended_at from sync_runs r where r.tenant = name.tenant and r.task = name.task and state = 'done'
    and kind in ('full', 'incremental') and (not preview or approved_by is not null) order by id desc limit 1) success on true
  left join lateral (select ended_at, started_at from sync_runs r where r.tenant = name.tenant and r.task = name.task
    and ended_at is not null and started_at is not null order by id desc limit 1) last on true`
