import type { Permit } from '../../src/access/permit.ts'
import { eventOf } from '../../src/accounts/trace.ts'
import type { Run } from '../../src/store/sync-runs.ts'
import { nameOf } from './agent-name.ts'
import type { Given, SyncConsole } from './console.ts'
import { queueRun } from './queue-run.ts'

/** Starts a run of a task, of all its entries or of one. Throws what `queueRun` throws. */
export async function startRun(
  console: SyncConsole,
  { agent }: Permit<'sync.run'>,
  { task, preview, only }: Pick<Run, 'task' | 'preview' | 'only'>,
  { origin }: Given,
): Promise<Run> {
  const event = { ...eventOf(agent, origin), action: 'sync.run', target: { kind: 'task', id: task } } as const
  return await console.trail.act(event, () =>
    queueRun(console, {
      tenant: agent.tenant.name,
      task,
      kind: only === null ? 'full' : 'entry',
      preview,
      requestedBy: nameOf(agent),
      only,
      undoes: null,
    }),
  )
}
