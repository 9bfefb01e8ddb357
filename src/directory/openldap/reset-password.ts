import type { Dn } from '../../ldap/dn.ts'
import { first, type Entry } from '../../ldap/entry.ts'
import type { Pool } from '../../ldap/pool.ts'
import type { AcceptedPassword } from '../accepted-password.ts'
import { closingAttributes, refusesOurPassword } from '../closed-elsewhere.ts'
import type { Lost, PasswordWrite } from '../directory.ts'
import { setAgain, type Wanted } from '../set-again.ts'
import { LOCKED_FOR_EVER } from './lock.ts'
import type { Policies } from './policies.ts'
import type { PolicyEntry } from './policy.ts'
import { writePassword } from './write-password.ts'

export type Over = { pool: Pool; policies: Policies; clock: () => Date }

/** What must be known of an entry before its password is written. */
export const beforeWriting = [...closingAttributes, 'pwdAccountLockedTime', 'pwdPolicySubentry']

/** Sets a password as the service account; `entry` is read when it was not given. */
export async function resetPassword(
  { pool, policies, clock }: Over,
  dn: Dn,
  password: AcceptedPassword,
  { mustChange, entry: given }: { mustChange: boolean; entry?: Entry },
): Promise<PasswordWrite> {
  const entry = given ?? (await pool.read(dn, { attributes: beforeWriting }))
  const reason = entry && refusesOurPassword(entry, clock())
  if (reason !== undefined) return { outcome: 'refused', reason }
  const policy = entry && (await policies.effectiveFor(entry))
  const written = await writePassword(pool, { user: dn, newPassword: password.reveal() })
  if (written.outcome === 'refused' || entry === undefined) return written
  return settle(pool, { entry, policy, mustChange })
}

/**
 * Mends what the password exop leaves wrong. It clears pwdReset (a service account with `write`) or sets it (one with
 * `manage`): so it is said each time. And any new password lifts a lock; one that an agent set is put back. Never throws. `policy` was read before
 * the password was written.
 */
export async function settle(
  pool: Pick<Pool, 'modify'>,
  {
    entry,
    policy,
    mustChange,
  }: { entry: Entry; policy: PolicyEntry | null | undefined; mustChange: boolean },
): Promise<PasswordWrite> {
  const isLocked = first(entry, 'pwdAccountLockedTime') === LOCKED_FOR_EVER
  const lost = await setAgain(pool, entry.dn, [
    ...(mustChange || policy?.mustChange === true
      ? [wanted('must-change', 'pwdReset', mustChange ? 'TRUE' : 'FALSE')]
      : []),
    ...(isLocked ? [wanted('lock', 'pwdAccountLockedTime', LOCKED_FOR_EVER)] : []),
  ])
  return {
    outcome: 'written',
    putBack: isLocked && !lost.includes('lock') ? ['lock'] : [],
    // A change that is asked for without need is no loss: the person meets it at the next sign-in.
    lost: lost.filter((what) => what !== 'must-change' || mustChange),
  }
}

function wanted(what: Lost, attribute: string, value: string): Wanted {
  return { what, changes: [{ operation: 'replace', attribute, values: [value] }] }
}
