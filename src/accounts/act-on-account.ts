import type { Permit } from '../access/permit.ts'
import type { Trail } from '../audit/trail.ts'
import type { ActOutcome } from '../directory/directory.ts'
import { Problem } from '../problems/problem.ts'
import type { EphemeralStore } from '../store/ephemeral.ts'
import { accountIdOf } from './account-id.ts'
import { forgetGuesses } from './attempt-limit.ts'
import { loginsOf, readAccount, refuseOutOfBounds, type Account, type DeskView } from './read-account.ts'
import { reasonOf, type DeskAct } from './reason.ts'
import type { Sessions } from './sessions.ts'
import { eventOf, personParty, type RequestOrigin } from './trace.ts'

export type Act = Exclude<DeskAct, 'reset'>

const acts: Readonly<Record<Act, (account: Account, now: Date) => Promise<ActOutcome>>> = {
  unlock: ({ directory, ref }) => directory.unlock(ref.dn),
  lock: ({ directory, ref }, now) => directory.lock(ref.dn, now),
  disable: ({ directory, ref }, now) => directory.disable(ref.dn, now),
  enable: ({ directory, ref }) => directory.enable(ref.dn),
}

/** Acts that shut somebody out also end their sessions and tokens. */
const shutsOut: ReadonlySet<Act> = new Set(['lock', 'disable'])

/**
 * Unlocks, locks, disables or enables the account with that login. Doing what is already so changes nothing and is no error. Throws Problem
 * `not-found`, `more-privileged`, `own-account`, `reason-required`, `not-enforced` (the server has no policy that would make the act bite).
 */
export async function actOnAccount<A extends Act>(
  services: DeskView & { trail: Trail; sessions: Sessions; ephemeral: EphemeralStore },
  permit: Permit<`account.${A}`>,
  act: A,
  login: string,
  given: { reason?: string; origin: RequestOrigin },
  now: Date,
): Promise<ActOutcome> {
  const { agent } = permit
  const reason = reasonOf(agent.tenant.config.desk, act, given.reason)
  const account = await readAccount(services, permit, login, now)
  const event = {
    ...eventOf(agent, given.origin),
    action: `account.${act}`,
    target: personParty(account.ref),
    ...reason,
  } as const
  return await services.trail.act(event, async () => {
    await refuseOutOfBounds(permit, account)
    const outcome = await acts[act](account, now)
    if (outcome === 'not-enforced' || outcome === 'not-supported') throw new Problem(outcome)
    // Also when it is so already: our own limit may have kept them out while the directory's lock was over.
    if (act === 'unlock') await forgetGuesses(services.ephemeral, agent.tenant.name, loginsOf(account))
    // Also when it is so already: whoever tries again after a failure here must not leave sessions behind.
    if (shutsOut.has(act)) await services.sessions.endAll(agent.tenant, accountIdOf(account.ref))
    return outcome
  })
}
