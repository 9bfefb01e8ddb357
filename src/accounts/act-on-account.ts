import type { Permit } from '../access/permit.ts'
import type { Trail } from '../audit/trail.ts'
import type { ActOutcome } from '../directory/directory.ts'
import { Problem } from '../problems/problem.ts'
import type { EphemeralStore } from '../store/ephemeral.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { accountIdOf } from './account-id.ts'
import { forgetGuesses } from './attempt-limit.ts'
import { primaryPlace } from './password/password-places.ts'
import { guessesOf, type Account, type DeskView } from './read-account.ts'
import type { DeskAct } from './reason.ts'
import type { Sessions } from './sessions.ts'
import { tracedAct, type Given } from './traced-act.ts'

/** Acts that need nothing but the account. */
export type Act = Exclude<DeskAct, 'reset' | 'validity' | 'rename'>

type Perform = (account: Account, now: Date, tenant: Tenant) => Promise<ActOutcome>

const acts: Readonly<Record<Act, Perform>> = {
  unlock: ({ directory, ref }) => directory.unlock(ref.dn),
  lock: ({ directory, ref }, now) => directory.lock(ref.dn, now),
  disable: ({ directory, ref }, now) => directory.disable(ref.dn, now),
  enable: ({ directory, ref }) => directory.enable(ref.dn),
  'require-change': async (account, now, tenant) => {
    const { directory, ref } = await primaryPlace(tenant, account, now)
    return await directory.requireChange(ref.dn, true)
  },
}

/** Acts that shut somebody out also end their sessions and tokens. */
const shutsOut: ReadonlySet<Act> = new Set(['lock', 'disable'])

/**
 * Unlocks, locks, disables or enables the account with that login, or has its person change the password at the next sign-in. Doing what
 * is already so changes nothing and is no error. Throws Problem `not-found`, `more-privileged`, `own-account`, `reason-required`,
 * `not-enforced` (the server has no policy that would make the act bite), `not-supported` (the server knows no such thing).
 */
export async function actOnAccount<A extends Act>(
  services: DeskView & { trail: Trail; sessions: Sessions; ephemeral: EphemeralStore },
  permit: Permit<`account.${A}`>,
  act: A,
  login: string,
  given: Given,
  now: Date,
): Promise<ActOutcome> {
  const { tenant } = permit.agent
  return await tracedAct(services, permit, { act, login, ...given }, now, async (account) => {
    const outcome = effective(await acts[act](account, now, tenant))
    // Also when it is so already: our own limit may have kept them out while the directory's lock was over.
    if (act === 'unlock') await forgetGuesses(services.ephemeral, tenant.name, guessesOf(account))
    // Also when it is so already: whoever tries again after a failure here must not leave sessions behind.
    if (shutsOut.has(act)) await services.sessions.endAll(tenant, accountIdOf(account.ref))
    return outcome
  })
}

/** Throws Problem `not-enforced` or `not-supported` where the server did nothing for that reason. */
export function effective(outcome: ActOutcome): 'done' | 'already-so' {
  if (outcome === 'not-enforced' || outcome === 'not-supported') throw new Problem(outcome)
  return outcome
}
