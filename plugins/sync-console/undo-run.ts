import type { Permit } from '../../src/access/permit.ts'
import { writtenReason } from '../../src/accounts/reason.ts'
import { eventOf } from '../../src/accounts/trace.ts'
import { Problem } from '../../src/problems/problem.ts'
import type { Run } from '../../src/store/sync-runs.ts'
import { nameOf } from './agent-name.ts'
import { findRun, type Given, type SyncConsole } from './console.ts'
import { isUndoable } from './run-acts.ts'
import { queueRun } from './queue-run.ts'

/**
 * Starts a run that takes back what another has done. Throws Problem `not-found`, `conflict` when there is nothing to take back, and what `queueRun` throws.
 */
export async function undoRun(
  console: SyncConsole,
  { agent }: Permit<'sync.run'>,
  { id, preview }: { id: string; preview: boolean },
  { reason, origin }: Given,
): Promise<Run> {
  const run = await findRun(console, agent.tenant, id)
  const target = { kind: 'run', id: run.id } as const
  const event = {
    ...eventOf(agent, origin),
    action: 'sync.undo',
    target,
    ...writtenReason(reason, false),
  } as const
  return await console.trail.act(event, async () => {
    if (!isUndoable(run)) throw new Problem('conflict')
    return await queueRun(console, {
      tenant: run.tenant,
      task: run.task,
      kind: 'undo',
      preview,
      requestedBy: nameOf(agent),
      only: null,
      undoes: run.id,
    })
  })
}
