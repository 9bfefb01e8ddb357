import type { Permit } from '../../src/access/permit.ts'
import { writtenReason } from '../../src/accounts/reason.ts'
import { eventOf } from '../../src/accounts/trace.ts'
import { Problem } from '../../src/problems/problem.ts'
import { findRun, type Given, type SyncConsole } from './console.ts'
import { cancellable } from './run-acts.ts'

/**
 * Ends a run, or gives up a plan that waits. A runner hears of it within a second, and what it has done by then stays. Throws Problem `not-found`, `conflict`
 * when it has ended.
 */
export async function cancelRun(
  console: SyncConsole,
  { agent }: Permit<'sync.run'>,
  id: string,
  { reason, origin }: Given,
): Promise<void> {
  const run = await findRun(console, agent.tenant, id)
  const target = { kind: 'run', id: run.id } as const
  const event = {
    ...eventOf(agent, origin),
    action: 'sync.cancel',
    target,
    ...writtenReason(reason, false),
  } as const
  await console.trail.act(event, async () => {
    if (!(await console.runs.advance(run.id, cancellable, 'cancelled', console.clock())))
      throw new Problem('conflict')
  })
}
