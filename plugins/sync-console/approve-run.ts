import type { Permit } from '../../src/access/permit.ts'
import { writtenReason } from '../../src/accounts/reason.ts'
import { eventOf } from '../../src/accounts/trace.ts'
import { Problem } from '../../src/problems/problem.ts'
import { nameOf } from './agent-name.ts'
import { findRun, type Given, type SyncConsole } from './console.ts'

/**
 * Lets a plan that was held, or a preview, be applied. Throws Problem `not-found`, `reason-required`, `sync-frozen`, `sync-under-way` and, when it is in another
 * state by now, `conflict`.
 */
export async function approveRun(
  console: SyncConsole,
  { agent }: Permit<'sync.run'>,
  id: string,
  { reason, origin }: Given,
): Promise<void> {
  const { runs, freeze, jobs, trail, clock } = console
  const { tenant } = agent
  const run = await findRun(console, tenant, id)
  const said = writtenReason(reason, true)
  const target = { kind: 'run', id: run.id } as const
  const event = { ...eventOf(agent, origin), action: 'sync.approve', target, ...said } as const
  await trail.act(event, async () => {
    if ((await freeze.read(tenant.name)) !== null) throw new Problem('sync-frozen')
    if ((await runs.underWay(tenant.name, run.task)) !== null) throw new Problem('sync-under-way')
    if (!(await runs.approve(tenant.name, run.id, nameOf(agent), clock()))) throw new Problem('conflict')
    await jobs.send('sync.run', { tenant: tenant.name, run: run.id }).catch(async (error: unknown) => {
      // Nobody would work on it, and nobody could approve it again.
      await runs.advance(run.id, ['approved'], run.state, clock())
      throw error
    })
  })
}
