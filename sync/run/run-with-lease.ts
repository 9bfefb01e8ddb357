import type { Run } from '../../src/store/sync-runs.ts'
import type { Task } from '../task/task.ts'
import { executeRun } from './execute-run.ts'
import { Stopped } from './stopping.ts'
import type { SyncServices } from './sync-services.ts'

/** Seconds after which a task is free when its runner has died. */
const LEASE = 15

/**
 * Does a run as the only runner of its task, after what a killed one has left; null when another process has the task. Losing the lease (this process slept, or
 * PostgreSQL was away for too long) stops it before another could begin.
 */
export async function runWithLease(
  run: Run,
  task: Task,
  services: SyncServices,
  signal: AbortSignal,
  seconds = LEASE,
): Promise<Run | null> {
  const held = await holdLease(services, task, seconds)
  if (held === null) return null
  const stop = AbortSignal.any([signal, held.lost])
  try {
    await finishRuns(task, services, stop, run.id)
    const current = await services.runs.read(run.tenant, run.id)
    if (current !== null && !stop.aborted) await executeRun(current, task, services, stop)
    return await services.runs.read(run.tenant, run.id)
  } finally {
    await held.release()
  }
}

/** Does what a runner that has died left of a task, and what was approved since; up to the run `until`. The caller holds the task's lease. */
export async function finishRuns(
  task: Task,
  services: SyncServices,
  signal: AbortSignal,
  until?: string,
): Promise<void> {
  while (!signal.aborted) {
    const left = await services.runs.unfinished(task.tenant, task.name)
    if (left === null || left.id === until) return
    await executeRun(left, task, services, signal)
  }
}

/** Null: another process has it. `lost` is aborted when it could not be renewed in time. */
export async function holdLease(
  { leases }: Pick<SyncServices, 'leases'>,
  task: Task,
  seconds = LEASE,
): Promise<{ lost: AbortSignal; release(): Promise<void> } | null> {
  const lease = await leases.take(task.tenant, task.name, seconds)
  if (lease === null) return null
  const lost = new AbortController()
  let renewedAt = performance.now()
  const renew = async (): Promise<void> => {
    const began = performance.now()
    const isHeld = await lease.renew().catch(() => null)
    if (isHeld === true) renewedAt = began
    // An error may pass; the lease does not outlive its time.
    const isOver = performance.now() - renewedAt > seconds * 1_000 * 0.8
    if (isHeld === false || isOver) lost.abort(new Stopped('lease-lost'))
  }
  const timer = setInterval(() => void renew(), (seconds * 1_000) / 5)
  return {
    lost: lost.signal,
    async release() {
      clearInterval(timer)
      await lease.release().catch(() => {})
    },
  }
}
