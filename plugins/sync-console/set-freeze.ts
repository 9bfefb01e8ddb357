import type { Permit } from '../../src/access/permit.ts'
import { writtenReason } from '../../src/accounts/reason.ts'
import { eventOf } from '../../src/accounts/trace.ts'
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
  { reason, origin }: Given,
): Promise<void> {
  const { name } = agent.tenant
  const said = writtenReason(reason, act === 'freeze')
  const event = { ...eventOf(agent, origin), action: `sync.${act}`, ...said } as const
  await trail.act(event, async () => {
    if (act === 'freeze') await freeze.freeze(name, nameOf(agent), said.reason ?? '', clock())
    else await freeze.thaw(name)
  })
}
