import type { Run } from '../../src/store/sync-runs.ts'
import type { Task } from '../task/task.ts'
import type { SyncEngine } from './create-engine.ts'

/**
 * The run of a task that is due, or what a runner that has died left of the last one. Null: it was under way already, or is another process's to do.
 */
export async function runScheduled(
  { services, request, execute }: Pick<SyncEngine, 'services' | 'request' | 'execute'>,
  { tenant, name: task, when }: Task,
  signal: AbortSignal,
): Promise<Run | null> {
  const { runs, leases, clock } = services
  const last = await runs.underWay(tenant, task)
  // A run that is due while the last one goes on is left out.
  if (last !== null && (await leases.holder(tenant, task)) !== null) return null
  // What was only read is read again, as it is now.
  if (last !== null && last.state !== 'reading') return await execute(last, signal)
  const asked = { kind: 'full', preview: false, requestedBy: 'schedule', only: null, undoes: null } as const
  const run = await request({ tenant, task, ...asked })
  const ended = await execute(run, signal)
  // Whoever follows the task does what is queued. Anybody else is just running it.
  if (ended === null && !when.follows) await runs.advance(run.id, ['queued'], 'cancelled', clock())
  return ended
}
