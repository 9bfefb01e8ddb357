import type { Permit } from '../access/permit.ts'
import { finishWriting, type Written, type WriteServices } from './password/write-everywhere.ts'
import { readAccount, refuseOutOfBounds, type DeskView } from './read-account.ts'
import { eventOf, personParty, type RequestOrigin } from './trace.ts'

/**
 * The agent who reset a password brings it to the directories that were down then. Throws Problem `not-found` when there is nothing left to
 * write by that id, and what a reset throws.
 */
export async function finishReset(
  services: DeskView & WriteServices,
  permit: Permit<'account.reset'>,
  login: string,
  { id, origin }: { id: string; origin: RequestOrigin },
  now: Date,
): Promise<Written> {
  const account = await readAccount(services, permit, login, now)
  await refuseOutOfBounds(permit, account)
  const target = personParty(account.ref)
  const event = { ...eventOf(permit.agent, origin), action: 'password.reset', target } as const
  return await finishWriting(services, { tenant: permit.agent.tenant, account, event }, id, now)
}
