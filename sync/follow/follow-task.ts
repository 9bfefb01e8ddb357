import { setTimeout } from 'node:timers/promises'
import type { FeedEvent } from '../connectors/connector.ts'
import { executeRun } from '../run/execute-run.ts'
import type { PlannedChange } from '../plan/change.ts'
import { faultyRecords, type FaultyRecords } from '../run/faulty-records.ts'
import {
  prepareTask,
  type PreparedTask,
  type TaskAtWork,
  withDeparturesOfNow,
  withReferencesOfNow,
} from '../run/prepare-task.ts'
import { finishRuns } from '../run/run-with-lease.ts'
import type { SyncServices } from '../run/sync-services.ts'
import type { Task } from '../task/task.ts'
import { bursts } from './bursts.ts'
import { DanglingRecords } from './dangling.ts'
import { createDepartureGuard, type DepartureGuard } from './departure-guard.ts'
import { FollowRuns } from './follow-runs.ts'
import { planBurst, type Seen } from './plan-burst.ts'
import { rememberIdentities } from './remember-identities.ts'

const burstOptions = { most: 256, quiet: 25, tick: 1_000 }

/** Why following ended: a guard holds what came, the source cannot tell what changes, or it was told to. */
export type FollowEnd = 'held' | 'no-feed' | 'stopped'

/**
 * Applies the changes of a task's source as they happen, until a guard holds them or `signal` aborts. The caller holds the task's lease, and keeps `guard` from one
 * time to the next. What a runner that has died left is done before, runs that are queued for the task in between. What was not applied when this process dies comes again from the feed. Throws `IncompleteSource` when a side is away.
 */
export async function followTask(
  task: Task,
  services: SyncServices,
  signal: AbortSignal,
  guard: DepartureGuard = createDepartureGuard(task.guards, services.clock),
): Promise<FollowEnd> {
  await finishRuns(task, services, signal)
  const sides = await services.openSides(task)
  try {
    const { feed } = sides.source
    return feed === undefined ? 'no-feed' : await follow(feed, { task, sides, services, signal }, guard)
  } finally {
    await sides.close()
  }
}

type Feed = NonNullable<TaskAtWork['sides']['source']['feed']>

async function follow(feed: Feed, work: TaskAtWork, guard: DepartureGuard): Promise<FollowEnd> {
  const { task, services, signal } = work
  const reading = new AbortController()
  const following: Following = {
    work,
    prepared: await prepareTask(work),
    runs: new FollowRuns(work),
    guard,
    dangling: new DanglingRecords(),
    seen: { ids: null },
    faulty: faultyRecords(),
  }
  try {
    const token = await services.state.token(task.tenant, task.name)
    if (token === null) following.seen.ids = new Set()
    const attributes = following.prepared.wanted.source
    const stop = AbortSignal.any([signal, reading.signal])
    const wanted = { attributes, signal: stop, onFault: following.faulty.note }
    const changes = feed.changes(token, wanted, { follow: true })
    for await (const events of bursts(changes, burstOptions, reading)) {
      await untilThawed(following)
      if (signal.aborted) break
      await following.runs.tidy()
      await planAgain(following)
      if (events.length > 0 && (await bringOver(events, following)) === 'held') return 'held'
    }
    return 'stopped'
  } finally {
    await following.runs.end()
    await following.prepared.expressions.close()
  }
}

type Following = {
  readonly work: TaskAtWork
  prepared: PreparedTask
  readonly runs: FollowRuns
  readonly guard: DepartureGuard
  readonly dangling: DanglingRecords
  readonly seen: Seen
  readonly faulty: FaultyRecords
}

/** Plans and applies what came. */
async function bringOver(events: readonly FeedEvent[], following: Following): Promise<'done' | 'held'> {
  const { work, prepared, runs, guard, dangling, seen, faulty } = following
  const { task, services } = work
  const { state, clock } = services
  const planned = await planBurst(events, work, prepared, seen)
  const told = { records: 0, changes: [], withdrawn: [], findings: faulty.findings() }
  const burst = { ...planned, steps: [...planned.steps, told] }
  const departures = burst.steps.flatMap((step) => step.changes).filter(({ source }) => source === null)
  const leaving = { departures: departures.length, inSource: planned.inSource }
  const held = await guard.check(leaving, () => state.countIdentities(task.tenant, task.name))
  if (held.length > 0) {
    await runs.hold(burst, held)
    return 'held'
  }
  const early = await runs.apply(burst)
  await rememberIdentities(burst, work)
  if (burst.steps.some(({ changes }) => changes.some(isDeparture))) await noteDepartures(following)
  dangling.note(burst, early, clock().getTime())
  if (burst.token !== null) await state.setToken(task.tenant, task.name, burst.token, clock())
  return 'done'
}

/** Looks again for what records refer to, or belong below, that was not there when they came. */
async function planAgain(following: Following): Promise<void> {
  const { work, runs, dangling, seen } = following
  const now = work.services.clock().getTime()
  const records = dangling.due(now)
  if (records.length === 0) return
  following.prepared = await withReferencesOfNow(following.prepared, work)
  const events = records.map((record) => ({ type: 'changed', record }) as const)
  const burst = await planBurst(events, work, following.prepared, seen)
  // That it still dangles was told the first time.
  const steps = burst.steps.filter((step) => step.changes.length > 0)
  const early = await runs.apply({ ...burst, steps })
  await rememberIdentities(burst, work)
  dangling.note(burst, early, now)
}

/** Does what is queued, and waits while the tenant is frozen: what came is asked for again from the token if this process ends meanwhile. */
async function untilThawed(following: Following): Promise<void> {
  const { services, task, signal } = following.work
  for (;;) {
    await doQueued(following)
    if (signal.aborted || (await services.freeze.read(task.tenant)) === null) return
    await setTimeout(1_000, undefined, { signal }).catch(() => {})
  }
}

/** Runs that somebody asked for, or that are due: this process has the task. */
async function doQueued(following: Following): Promise<void> {
  const { task, services, signal } = following.work
  const queued = await services.runs.queued(task.tenant, task.name)
  for (const run of queued) if (!signal.aborted) await executeRun(run, task, services, signal)
  if (queued.length > 0) await noteDepartures(following)
}

/** Or a return. */
function isDeparture({ change }: PlannedChange): boolean {
  return change.kind !== 'create' && change.kind !== 'update'
}

async function noteDepartures(following: Following): Promise<void> {
  const { clean } = following.work.task
  if (clean !== null && clean.action !== 'delete')
    following.prepared = await withDeparturesOfNow(following.prepared, following.work)
}
