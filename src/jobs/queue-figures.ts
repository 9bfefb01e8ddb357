import { z } from 'zod'
import type { Queries } from '../store/postgres.ts'
import { jobNames, type JobName } from './job-kinds.ts'

/** One kind of job as monitoring sees it: the same from every worker, since all of it is read from the queue's table. */
export type QueueFigures = {
  readonly name: JobName
  /** Jobs that could be done now, and those that failed and are to be tried again. Not those that were queued for later. */
  readonly waiting: number
  readonly active: number
  /** Jobs of the last 24 hours that are tried no more. */
  readonly givenUp: number
  /** Seconds since the oldest of `waiting` was queued; 0 when there is none. */
  readonly oldest: number
}

export async function readQueueFigures(queries: Queries): Promise<QueueFigures[]> {
  const rows = await queries.query(row, figuresSql, [jobNames])
  const known = new Map(rows.map(({ name, ...figures }) => [name, figures]))
  return jobNames.map((name) => ({ name, ...none, ...known.get(name) }))
}

const none = { waiting: 0, active: 0, givenUp: 0, oldest: 0 }

const row = z.object({
  name: z.string(),
  waiting: z.coerce.number(),
  active: z.coerce.number(),
  givenUp: z.coerce.number(),
  oldest: z.coerce.number(),
})

const figuresSql = `with job as (
    select name, created_on, state = 'active' as active, state = 'failed' as failed,
      state = 'retry' or state = 'created' and start_after <= now() as waiting
    from pgboss.job
    where name = any($1) and (state in ('created', 'retry', 'active') or state = 'failed' and completed_on > now() - interval '24 hours'))
  select name, count(*) filter (where waiting) as waiting, count(*) filter (where active) as active,
    count(*) filter (where failed) as "givenUp",
    coalesce(extract(epoch from now() - min(created_on) filter (where waiting)), 0) as oldest
  from job group by name`
