import type { Permit } from '../access/permit.ts'
import type { Trail } from '../audit/trail.ts'
import { readAccount, refuseOutOfBounds, type DeskAccount, type DeskView } from './read-account.ts'
import { sayRefusal } from './say-refusal.ts'
import { reasonOf, type DeskAct } from './reason.ts'
import { eventOf, personParty, type RequestOrigin } from './trace.ts'

/** What an agent says with every act. */
export type Given = { reason?: string; origin: RequestOrigin }

/**
 * Does an act on the account with that login, when it is within the permit's bounds, and leaves its trace. Throws Problem `not-found`,
 * `more-privileged`, `own-account`, `reason-required`, and what `perform` throws.
 */
export async function tracedAct<A extends Exclude<DeskAct, 'reset'>, T>(
  services: DeskView & { trail: Trail },
  permit: Permit<`account.${A}`>,
  { act, login, reason, origin }: Given & { act: A; login: string },
  now: Date,
  perform: (account: DeskAccount) => Promise<T>,
): Promise<T> {
  const { agent } = permit
  const said = reasonOf(agent.tenant.config.desk, act, reason)
  const account = await readAccount(services, permit, login, now)
  const event = {
    ...eventOf(agent, origin),
    action: `account.${act}`,
    target: personParty(account.ref),
    ...said,
  } as const
  return await services.trail.act(event, async () => {
    await refuseOutOfBounds(permit, account)
    return await perform(account).catch(sayRefusal)
  })
}
