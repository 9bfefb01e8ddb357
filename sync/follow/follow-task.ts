import { setTimeout } from 'node:timers/promises'
import { executeRun } from '../run/execute-run.ts'
import { prepareTask, type TaskAtWork } from '../run/prepare-task.ts'
import type { SyncServices } from '../run/sync-services.ts'
import type { Task } from '../task/task.ts'
import { bursts } from './bursts.ts'
import { createDepartureGuard } from './departure-guard.ts'
import { FollowRuns } from './follow-runs.ts'
import { planBurst, type Seen } from './plan-burst.ts'
import { rememberIdentities } from './remember-identities.ts'

const burstOptions = { most: 256, quiet: 25, tick: 1_000 }

/** Why following ended: a guard holds what came, the source cannot tell what changes, or it was told to. */
export type FollowEnd = 'held' | 'no-feed' | 'stopped'

/**
 * Applies the changes of a task's source as they happen, until a guard holds them or `signal` aborts. The caller holds the task's lease. Runs that are queued for
 * the task are done in between. What was not applied when this process dies comes again from the feed. Throws `IncompleteSource` when a side is away.
 */
export async function followTask(
  task: Task,
  services: SyncServices,
  signal: AbortSignal,
): Promise<FollowEnd> {
  const sides = await services.openSides(task)
  try {
    const { feed } = sides.source
    return feed === undefined ? 'no-feed' : await follow(feed, { task, sides, services, signal })
  } finally {
    await sides.close()
  }
}

type Feed = NonNullable<TaskAtWork['sides']['source']['feed']>

async function follow(feed: Feed, work: TaskAtWork): Promise<FollowEnd> {
  const { task, services, signal } = work
  const { state, clock } = services
  const reading = new AbortController()
  const prepared = await prepareTask(work)
  const runs = new FollowRuns(work)
  const guard = createDepartureGuard(task.guards, clock)
  try {
    const token = await state.token(task.tenant, task.name)
    const seen: Seen = { ids: token === null ? new Set() : null }
    const wanted = {
      attributes: prepared.wanted.source,
      signal: AbortSignal.any([signal, reading.signal]),
    }
    const changes = feed.changes(token, wanted, { follow: true })
    for await (const events of bursts(changes, burstOptions, reading)) {
      await whileFrozen(services, task, signal)
      if (signal.aborted) break
      await doQueued(task, services, signal)
      await runs.tidy()
      if (events.length === 0) continue
      const burst = await planBurst(events, work, prepared, seen)
      const departures = burst.steps.flatMap((step) => step.changes).filter(({ source }) => source === null)
      const held = await guard.check(departures.length, () => state.countIdentities(task.tenant, task.name))
      if (held !== null) {
        await runs.hold(burst, held)
        return 'held'
      }
      await runs.apply(burst)
      await rememberIdentities(burst, work)
      if (burst.token !== null) await state.setToken(task.tenant, task.name, burst.token, clock())
    }
    return 'stopped'
  } finally {
    await runs.end()
    await prepared.expressions.close()
  }
}

/** Runs that somebody asked for, or that are due: this process has the task. */
async function doQueued(task: Task, services: SyncServices, signal: AbortSignal): Promise<void> {
  for (const run of await services.runs.queued(task.tenant, task.name))
    if (!signal.aborted) await executeRun(run, task, services, signal)
}

/** What comes waits, and is asked for again from the token if this process ends meanwhile. */
async function whileFrozen({ freeze }: SyncServices, { tenant }: Task, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && (await freeze.read(tenant)) !== null)
    await setTimeout(1_000, undefined, { signal }).catch(() => {})
}
