import { setTimeout } from 'node:timers/promises'
import type { Tenant } from '../../src/tenants/tenant.ts'
import { IncompleteSource } from '../connectors/connector.ts'
import type { SyncEngine } from '../run/create-engine.ts'
import { holdLease } from '../run/run-with-lease.ts'
import type { Task } from '../task/task.ts'
import { createDepartureGuard, type DepartureGuard } from './departure-guard.ts'
import { followTask } from './follow-task.ts'

type Log = { info(details: object, text: string): void; warn(details: object, text: string): void }

/** Milliseconds until this process looks again: whether the task is free, its plan was approved, its source is back. */
const FIRST_PAUSE = 1_000
const LAST_PAUSE = 30_000

/** Follows the sources of all tasks that say so, each in one process of all that run. Gives what ends it. */
export function followTasks(engine: SyncEngine, tenants: readonly Tenant[], log: Log): () => Promise<void> {
  const stop = new AbortController()
  const following = tenants.flatMap(({ name }) =>
    engine
      .tasks(name)
      .filter(({ when }) => when.follows)
      .map((task) => keepFollowing(engine, task, log, stop.signal)),
  )
  return async () => {
    stop.abort()
    await Promise.all(following)
  }
}

async function keepFollowing(engine: SyncEngine, task: Task, log: Log, signal: AbortSignal): Promise<void> {
  const told = { tenant: task.tenant, task: task.name }
  // Who left before an interruption counts with who leaves after it.
  const guard = createDepartureGuard(task.guards, engine.services.clock)
  let pause = FIRST_PAUSE
  while (!signal.aborted) {
    const began = performance.now()
    try {
      const end = await followOnce(engine, task, signal, guard)
      if (end === 'no-feed') return log.warn(told, 'its source cannot tell what changes: it is not followed')
      if (end === 'held') log.warn(told, 'a guard holds what came: it waits to be approved')
    } catch (error) {
      const reason =
        error instanceof IncompleteSource ? error.reason : error instanceof Error ? error.name : 'error'
      log.warn({ ...told, reason }, 'following was interrupted')
    }
    pause = performance.now() - began > LAST_PAUSE ? FIRST_PAUSE : Math.min(LAST_PAUSE, pause * 2)
    await setTimeout(pause, undefined, { signal }).catch(() => {})
  }
}

/** Follows a task while its lease lasts. `waits`: another process has it, or a plan of it waits to be approved. */
export async function followOnce(
  { services }: SyncEngine,
  task: Task,
  signal: AbortSignal,
  guard?: DepartureGuard,
): Promise<'held' | 'no-feed' | 'stopped' | 'waits'> {
  const [last] = await services.runs.list({
    tenant: task.tenant,
    task: task.name,
    kind: 'incremental',
    limit: 1,
  })
  if (last?.state === 'held') return 'waits'
  const lease = await holdLease(services, task)
  if (lease === null) return 'waits'
  try {
    return await followTask(task, services, AbortSignal.any([signal, lease.lost]), guard)
  } finally {
    await lease.release()
  }
}
