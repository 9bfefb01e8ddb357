import type { Database } from './postgres.ts'
import { runRow, sourceCountRow, stateRow } from './sync-run-row.ts'
import { isCompleteSql, purgeRuns } from './sync-purge.ts'
import type { changeKinds, guards, runKinds, runStates } from './sync-terms.ts'
import { uuidV7 } from './uuid-v7.ts'

/** What the synchronization engine and its pages agree on: the engine writes these tables, the pages read them and ask for runs by them. */
export type RunKind = (typeof runKinds)[number]

/**
 * `queued`: nobody works on it yet · `reading`: both sides are read and compared · `planned`: a preview, or `held` by a guard, until somebody approves ·
 * `approved`: waits for a runner · `applying` · `done`: with or without entry errors · `incomplete`: a side could not be read to its end · `failed` ·
 * `cancelled`. A run in `reading`, `approved` or `applying` whose heartbeat is old was killed: the next runner of the task goes on with it.
 */
export type RunState = (typeof runStates)[number]

export type RunRequest = {
  readonly tenant: string
  readonly task: string
  readonly kind: RunKind
  /** Ends with the plan. */
  readonly preview: boolean
  /** `schedule`, `command`, or the login or client that asked. */
  readonly requestedBy: string
  /** One entry: attribute of the source, value. */
  readonly only: { readonly attribute: string; readonly value: string } | null
  /** Of an undo: the run that is undone. */
  readonly undoes: string | null
}

/** Counts by kind of operation: planned, done, failed, left because the entry was another by then. */
export type RunCounts = {
  readonly source: number
  readonly destination: number
  readonly unchanged: number
  readonly planned: Readonly<Record<ChangeKind, number>>
  readonly done: Readonly<Record<ChangeKind, number>>
  readonly failed: number
  readonly conflicts: number
  readonly findings: Readonly<Record<string, number>>
}
export type ChangeKind = (typeof changeKinds)[number]

/** Why a plan is held; figures for the text in the reader's language. */
export type GuardFinding = {
  readonly guard: (typeof guards)[number]
  readonly count: number
  readonly limit: number
}

export type Run = RunRequest & {
  /** UUID version 7. */
  readonly id: string
  readonly state: RunState
  readonly requestedAt: Date
  readonly startedAt: Date | null
  readonly endedAt: Date | null
  readonly heartbeatAt: Date | null
  readonly counts: RunCounts
  readonly guards: readonly GuardFinding[]
  readonly approvedBy: string | null
  /** The run that undid it. */
  readonly undoneBy: string | null
  /** What stopped it: an IncompleteReason or an error's name, and words without values. */
  readonly failure: { readonly code: string; readonly detail: string } | null
}

/** Newest first. `before`: the last id of the page before. */
export type RunQuery = {
  readonly tenant: string
  readonly task?: string
  readonly kind?: RunKind
  readonly limit: number
  readonly before?: string
}

export interface SyncRuns {
  request(request: RunRequest, now: Date): Promise<Run>
  /** `id` may be anything that somebody typed. */
  read(tenant: string, id: string): Promise<Run | null>
  list(query: RunQuery): Promise<readonly Run[]>
  /** The newest run of each of the tasks, by task. */
  latest(tenant: string, tasks: readonly string[]): Promise<ReadonlyMap<string, Run>>
  /** The same without previews, and without runs that were refused because the task was running. */
  latestInEarnest(tenant: string, tasks: readonly string[]): Promise<ReadonlyMap<string, Run>>
  /** The newest run of each of the tasks that a guard holds, by task. */
  held(tenant: string, tasks: readonly string[]): Promise<ReadonlyMap<string, Run>>
  /** Runs of the task that nobody works on yet, asked for or approved, oldest first. */
  queued(tenant: string, task: string): Promise<readonly Run[]>
  /** The newest run of the task that is queued, approved or being worked on; what follows a source is not one. */
  underWay(tenant: string, task: string): Promise<Run | null>
  /** The same of each of the tasks, by task. */
  allUnderWay(tenant: string, tasks: readonly string[]): Promise<ReadonlyMap<string, Run>>
  /** Moves it on, if it still is in one of the states; false when it is not. Sets the times that belong to the state. */
  advance(id: string, from: readonly RunState[], to: RunState, now: Date, extra?: RunUpdate): Promise<boolean>
  /** Progress and heartbeat. Gives the state it is in: `cancelled` tells its runner to stop. Null when it was purged. */
  update(id: string, update: RunUpdate, now: Date): Promise<RunState | null>
  /** `held` or `planned` -> `approved`. */
  approve(tenant: string, id: string, by: string, now: Date): Promise<boolean>
  /** The last complete full run of the task that was no preview: how many records the source had then. */
  lastSourceCount(tenant: string, task: string): Promise<number | null>
  /** A run of the task that was under way when its runner died, or is approved: what to go on with. */
  unfinished(tenant: string, task: string): Promise<Run | null>
  /**
   * Removes runs with their journal that ended before, plans that nobody approved too. The last complete full run of each task stays: by it one sees how far
   * a source has shrunk.
   */
  purge(tenant: string, before: Date): Promise<number>
}
export type RunUpdate = Partial<Pick<Run, 'counts' | 'guards' | 'failure' | 'undoneBy'>>

const noChanges = { create: 0, update: 0, rename: 0, delete: 0, disable: 0, enable: 0 }

/** Of a run that has not begun. */
export const noCounts: RunCounts = {
  source: 0,
  destination: 0,
  unchanged: 0,
  planned: noChanges,
  done: noChanges,
  failed: 0,
  conflicts: 0,
  findings: {},
}

/** The runs of every tenant's tasks, in PostgreSQL. */
export function createSyncRuns(database: Database): SyncRuns {
  async function newestByTask(sql: string, tenant: string, tasks: readonly string[]) {
    const found = await database.query(runRow, sql, [tenant, tasks])
    return new Map(found.map((run) => [run.task, run]))
  }
  return {
    async request(request, now) {
      const { tenant, task, kind, preview, requestedBy, only, undoes } = request
      const asked = [tenant, task, kind, preview, requestedBy, only?.attribute ?? null, only?.value ?? null]
      const rows = await database.query(runRow, requestSql, [
        uuidV7(now),
        ...asked,
        undoes,
        now,
        JSON.stringify(noCounts),
      ])
      const [run] = rows
      if (run === undefined) throw new Error('insert returned nothing')
      return run
    },
    async read(tenant, id) {
      if (!isUuid.test(id)) return null
      const [run] = await database.query(runRow, readSql, [tenant, id])
      return run ?? null
    },
    list: async ({ tenant, task = null, kind = null, limit, before = null }) =>
      await database.query(runRow, listSql, [tenant, task, before, limit, kind]),
    latest: (tenant, tasks) => newestByTask(latestSql, tenant, tasks),
    latestInEarnest: (tenant, tasks) => newestByTask(inEarnestSql, tenant, tasks),
    held: (tenant, tasks) => newestByTask(heldSql, tenant, tasks),
    queued: async (tenant, task) => await database.query(runRow, queuedSql, [tenant, task]),
    underWay: async (tenant, task) => (await newestByTask(underWaySql, tenant, [task])).get(task) ?? null,
    allUnderWay: (tenant, tasks) => newestByTask(underWaySql, tenant, tasks),
    async advance(id, from, to, now, extra = {}) {
      const changed = await database.execute(advanceSql, [id, now, ...updateValues(extra), to, from])
      return changed === 1
    },
    async update(id, update, now) {
      const [row] = await database.query(stateRow, updateSql, [id, now, ...updateValues(update)])
      return row?.state ?? null
    },
    async approve(tenant, id, by, now) {
      if (!isUuid.test(id)) return false
      return (await database.execute(approveSql, [tenant, id, by, now])) === 1
    },
    async lastSourceCount(tenant, task) {
      const [row] = await database.query(sourceCountRow, lastSourceSql, [tenant, task])
      return row?.source ?? null
    },
    async unfinished(tenant, task) {
      const [run] = await database.query(runRow, unfinishedSql, [tenant, task])
      return run ?? null
    },
    purge: (tenant, before) => purgeRuns(database, tenant, before),
  }
}

const isUuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i

function updateValues({ counts, guards, failure, undoneBy }: RunUpdate) {
  return [
    counts === undefined ? null : JSON.stringify(counts),
    guards === undefined ? null : JSON.stringify(guards),
    failure?.code ?? null,
    failure?.detail ?? null,
    undoneBy ?? null,
  ]
}

const requestSql = `insert into sync_runs (id, tenant, task, kind, state, preview, requested_by, only_attribute, only_value, undoes,
    requested_at, counts, guards)
  values ($1, $2, $3, $4, 'queued', $5, $6, $7, $8, $9, $10, $11, '[]') returning *`

const readSql = 'select * from sync_runs where tenant = $1 and id = $2'

const listSql = `select * from sync_runs
  where tenant = $1 and ($2::text is null or task = $2) and ($3::uuid is null or id < $3) and ($5::text is null or kind = $5)
  order by id desc limit $4`

const newestSql = (condition: string) => `select run.* from unnest($2::text[]) name
  cross join lateral (select * from sync_runs where tenant = $1 and task = name and ${condition} order by id desc limit 1) run`

const latestSql = newestSql('true')

const inEarnestSql = newestSql(`not preview and failure_code is distinct from 'running'`)

const heldSql = newestSql(`state = 'held'`)

const underWaySql = newestSql(
  `kind <> 'incremental' and state in ('queued', 'reading', 'approved', 'applying')`,
)

const queuedSql = `select * from sync_runs
  where tenant = $1 and task = $2 and state in ('queued', 'approved') order by id`

const sets = `heartbeat_at = $2, counts = coalesce($3::json, counts), guards = coalesce($4::json, guards),
  failure_code = coalesce($5, failure_code), failure_detail = coalesce($6, failure_detail), undone_by = coalesce($7, undone_by)`

const updateSql = `update sync_runs set ${sets} where id = $1 returning state`

// A run that comes to rest is added to what monitoring counts; for good: also what it changed.
const advanceSql = `with moved as (
    update sync_runs set ${sets}, state = $8,
      started_at = case when $8 in ('reading', 'applying') then coalesce(started_at, $2) else started_at end,
      ended_at = case when $8 in ('queued', 'reading', 'approved', 'applying') then null else $2 end
    where id = $1 and state = any($9) returning tenant, task, state, counts),
  told as (
    select tenant, task, 'run.' || state as counter, 1 as value from moved
      where state not in ('queued', 'reading', 'approved', 'applying')
    union all
    select tenant, task, 'change.' || change.key, change.value::int from moved, json_each_text(counts -> 'done') change
      where state in ('done', 'incomplete', 'failed', 'cancelled') and change.value <> '0'
    union all
    select tenant, task, 'error.' || name, (counts ->> name)::int from moved, unnest(array['failed', 'conflicts']) name
      where state in ('done', 'incomplete', 'failed', 'cancelled') and counts ->> name <> '0'),
  added as (
    insert into sync_totals (tenant, task, counter, value) select tenant, task, counter, value from told
    on conflict (tenant, task, counter) do update set value = sync_totals.value + excluded.value)
  select 1 from moved`

const approveSql = `update sync_runs set state = 'approved', approved_by = $3, ended_at = null, heartbeat_at = $4,
    failure_code = null, failure_detail = null
  where tenant = $1 and id = $2 and state in ('planned', 'held')`

const lastSourceSql = `select (counts ->> 'source')::int as source from sync_runs
  where tenant = $1 and task = $2 and ${isCompleteSql} order by id desc limit 1`

// What was begun is ended before what was approved is begun.
const unfinishedSql = `select * from sync_runs where tenant = $1 and task = $2 and state in ('applying', 'approved', 'reading')
  order by array_position(array['applying', 'approved', 'reading'], state), id limit 1`
