import type { Permit } from '../../src/access/permit.ts'
import { eventOf } from '../../src/accounts/trace.ts'
import { Problem } from '../../src/problems/problem.ts'
import { nameOf } from './agent-name.ts'
import type { Given, SyncConsole } from './console.ts'

/**
 * Stops all writing of a tenant's tasks, or lets it go on. To do what is so already changes nothing: who froze it first, and why, stays. Throws Problem
 * `reason-required`.
 */
export async function setFreeze(
  { freeze, trail, clock }: SyncConsole,
  { agent }: Permit<'sync.run'>,
  act: 'freeze' | 'thaw',
  { reason = '', origin }: Given,
): Promise<void> {
  const { name } = agent.tenant
  const said = reason.trim()
  if (act === 'freeze' && said === '')
    throw new Problem('reason-required', { faults: [{ field: 'reason', reason: 'required' }] })
  const event = {
    ...eventOf(agent, origin),
    action: `sync.${act}`,
    ...(said !== '' && { reason: said }),
  } as const
  await trail.act(event, async () => {
    if (act === 'freeze') await freeze.freeze(name, nameOf(agent), said, clock())
    else await freeze.thaw(name)
  })
}
