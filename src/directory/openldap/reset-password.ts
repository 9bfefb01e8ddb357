import type { Dn } from '../../ldap/dn.ts'
import { first, type Entry } from '../../ldap/entry.ts'
import type { Pool } from '../../ldap/pool.ts'
import type { Change } from '../../ldap/update-message.ts'
import type { AcceptedPassword } from '../accepted-password.ts'
import { closingAttributes, refusesOurPassword } from '../closed-elsewhere.ts'
import type { PasswordWrite } from '../directory.ts'
import { LOCKED_FOR_EVER } from './lock.ts'
import type { Policies } from './policies.ts'
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
  const written = await writePassword(pool, { user: dn, newPassword: password.reveal() })
  if (written.outcome === 'refused' || entry === undefined) return written
  return settle({ pool, policies }, entry, mustChange)
}

/**
 * Mends what the password exop leaves wrong. It clears pwdReset (a service account with `write`) or sets it (one with
 * `manage`): so it is said each time. And any new password lifts a lock; one that an agent set is put back.
 */
export async function settle(
  { pool, policies }: Pick<Over, 'pool' | 'policies'>,
  entry: Entry,
  mustChange: boolean,
): Promise<PasswordWrite> {
  const policy = await policies.effectiveFor(entry)
  const isLocked = first(entry, 'pwdAccountLockedTime') === LOCKED_FOR_EVER
  const changes: Change[] = [
    ...(mustChange || policy?.mustChange === true
      ? [replace('pwdReset', mustChange ? 'TRUE' : 'FALSE')]
      : []),
    ...(isLocked ? [replace('pwdAccountLockedTime', LOCKED_FOR_EVER)] : []),
  ]
  if (changes.length > 0) await pool.modify(entry.dn, changes)
  return { outcome: 'written', putBack: isLocked ? ['lock'] : [] }
}

function replace(attribute: string, value: string): Change {
  return { operation: 'replace', attribute, values: [value] }
}
