import type { Dn } from '../../ldap/dn.ts'
import type { Entry } from '../../ldap/entry.ts'
import { formatGeneralizedTime } from '../../ldap/generalized-time.ts'
import type { Pool } from '../../ldap/pool.ts'
import type { Change } from '../../ldap/update-message.ts'
import type { AcceptedPassword } from '../accepted-password.ts'
import { closingAttributes, refusesOurPassword } from '../closed-elsewhere.ts'
import type { PasswordWrite } from '../directory.ts'
import { setAgain } from '../set-again.ts'
import { later } from '../entry-time.ts'
import { isLockedByAgent, lockChanges } from './lock.ts'
import type { Policies } from './policies.ts'
import type { PolicyEntry } from './policy.ts'
import { isLimited, withoutLimits } from './temporary-password.ts'
import { EPOCH } from './time.ts'
import { writePassword } from './write-password.ts'

export type Over = { pool: Pool; policies: Policies; clock: () => Date }

/** What must be known of an entry before its password is written. */
export const beforeWriting = [
  ...closingAttributes,
  'passwordRetryCount',
  'accountUnlockTime',
  'pwdPolicySubentry',
]

/** Sets a password as the service account; `entry` is read when it was not given. */
export async function resetPassword(
  over: Over,
  dn: Dn,
  password: AcceptedPassword,
  { mustChange, entry: given }: { mustChange: boolean; entry?: Entry },
): Promise<PasswordWrite> {
  const entry = given ?? (await over.pool.read(dn, { attributes: beforeWriting }))
  const reason = entry && refusesOurPassword(entry, over.clock())
  if (reason !== undefined) return { outcome: 'refused', reason }
  const policy = entry && (await over.policies.effectiveFor(entry))
  const written = await writePassword(over.pool, { user: dn, newPassword: password.reveal() })
  if (written.outcome === 'refused' || entry === undefined || policy === undefined) return written
  return settle(over, { entry, policy, mustChange })
}

/**
 * Mends what the password exop leaves wrong: under a policy with passwordMustChange the server asks for another password whenever somebody else than
 * the owner has set it. And any new password lifts a lock; one that an agent set is put back. Never throws. `policy` was read before the password
 * was written.
 */
export async function settle(
  { pool, clock }: Pick<Over, 'pool' | 'clock'>,
  { entry, policy, mustChange }: { entry: Entry; policy: PolicyEntry; mustChange: boolean },
): Promise<PasswordWrite> {
  const isLocked = isLockedByAgent(entry, policy, clock())
  const lost = await setAgain(pool, entry.dn, [
    ...(policy.mustChange
      ? [{ what: 'must-change' as const, changes: [endOfPassword(policy, mustChange, clock())] }]
      : []),
    ...(isLimited(policy) && !mustChange
      ? [{ what: 'must-change' as const, changes: withoutLimits(policy) }]
      : []),
    ...(isLocked ? [{ what: 'lock' as const, changes: lockChanges }] : []),
  ])
  return {
    outcome: 'written',
    putBack: isLocked && !lost.includes('lock') ? ['lock'] : [],
    lost: lost.filter((what) => what !== 'must-change' || mustChange),
  }
}

/** The date by which the server asks for another password, or that which it would have written for one that its owner has set. */
export function endOfPassword(policy: PolicyEntry, mustChange: boolean, now: Date): Change {
  const usual = policy.expires && policy.maxAge > 0 ? [formatGeneralizedTime(later(now, policy.maxAge))] : []
  return { operation: 'replace', attribute: 'passwordExpirationTime', values: mustChange ? [EPOCH] : usual }
}
