import { passwordPolicy } from '../../ldap/controls/password-policy.ts'
import type { Dn } from '../../ldap/dn.ts'
import { first, type Entry } from '../../ldap/entry.ts'
import type { Pool } from '../../ldap/pool.ts'
import { normalizePassword, type AcceptedPassword } from '../accepted-password.ts'
import type { Directory, PasswordWrite } from '../directory.ts'
import { orUnavailable } from '../unavailable.ts'
import { refusedBind, acceptedBind, refusedWrite } from './password-outcome.ts'
import type { Policies } from './policies.ts'
import { foreignHash, LOCKED_FOR_EVER } from './state.ts'

const withPolicy = { controls: [passwordPolicy()] }
const WRITTEN: PasswordWrite = { outcome: 'written', putBack: [] }
const attributes = ['userPassword', 'pwdAccountLockedTime', 'pwdPolicySubentry']

/** Proving and writing passwords by RFC 3062: the server hashes, checks quality and keeps history. */
export function passwords(
  pool: Pool,
  policies: Policies,
): Pick<Directory, 'verifyPassword' | 'setPassword' | 'changePassword'> {
  return {
    verifyPassword: (dn, password) => orUnavailable(() => verify(pool, dn, password)),
    setPassword: (dn, password, options) => orUnavailable(() => reset(pool, policies, dn, password, options)),
    changePassword: (dn, old, password) => orUnavailable(() => change(pool, policies, dn, old, password)),
  }
}

/** Tries the normalised form, and the raw one only where they differ: passwords set by other tools may be in any form, and each try counts. */
async function verify(pool: Pool, dn: Dn, password: string) {
  const normal = normalizePassword(password)
  const check = await bindOnce(pool, dn, normal)
  return check.outcome === 'refused' && check.reason === 'wrong' && normal !== password
    ? bindOnce(pool, dn, password)
    : check
}

async function bindOnce(pool: Pool, dn: Dn, password: string) {
  try {
    return acceptedBind(await pool.verifyBind(dn, password, withPolicy))
  } catch (error) {
    return refusedBind(error)
  }
}

async function reset(
  pool: Pool,
  policies: Policies,
  dn: Dn,
  password: AcceptedPassword,
  { mustChange, entry: given }: { mustChange: boolean; entry?: Entry },
): Promise<PasswordWrite> {
  const entry = given ?? (await pool.read(dn, { attributes }))
  const foreign = entry && foreignHash(entry)
  if (foreign) return { outcome: 'refused', reason: foreign.kind }
  const written = await write(false, () =>
    pool.passwordModify({ user: dn, newPassword: password.reveal() }, withPolicy),
  )
  if (written.outcome === 'refused' || entry === undefined) return written
  const changes = await afterReset(policies, entry, mustChange)
  if (changes.length > 0) await pool.modify(dn, changes)
  const putsLockBack = changes.some(({ attribute }) => attribute === 'pwdAccountLockedTime')
  return putsLockBack ? { outcome: 'written', putBack: ['lock'] } : written
}

/**
 * What the exop leaves wrong. It clears pwdReset (a service account with `write`) or sets it (one with
 * `manage`): so it is said each time. And any new password lifts a lock; one that an agent set is put back.
 */
async function afterReset(policies: Policies, entry: Entry, mustChange: boolean) {
  const changes = []
  const policy = await policies.effectiveFor(entry)
  if (mustChange || policy?.mustChange === true) {
    changes.push({
      operation: 'replace',
      attribute: 'pwdReset',
      values: [mustChange ? 'TRUE' : 'FALSE'],
    } as const)
  }
  if (first(entry, 'pwdAccountLockedTime') === LOCKED_FOR_EVER) {
    changes.push({
      operation: 'replace',
      attribute: 'pwdAccountLockedTime',
      values: [LOCKED_FOR_EVER],
    } as const)
  }
  return changes
}

/** Where another system owns the password, writing one would cut the account from it. The old password is tried in both its forms, as in `verify`. */
async function change(
  pool: Pool,
  policies: Policies,
  dn: Dn,
  old: string,
  password: AcceptedPassword,
): Promise<PasswordWrite> {
  const entry = await pool.read(dn, { attributes })
  const foreign = entry && foreignHash(entry)
  if (foreign) return { outcome: 'refused', reason: foreign.kind }
  const normal = normalizePassword(old)
  const written = await changeAsOwner(pool, policies, { dn, entry, old: normal, password })
  const isWrong = written.outcome === 'refused' && written.reason === 'old-password-wrong'
  return isWrong && normal !== old ? changeAsOwner(pool, policies, { dn, entry, old, password }) : written
}

type Change = { dn: Dn; entry: Entry | undefined; old: string; password: AcceptedPassword }

/** As the person themselves, so that their own rights and the policy for changes apply. An expired password that is right proves them too. */
async function changeAsOwner(pool: Pool, policies: Policies, given: Change): Promise<PasswordWrite> {
  const { dn, old } = given
  const both = { oldPassword: old, newPassword: given.password.reveal() }
  try {
    return await pool.asUser(
      dn,
      old,
      (connection) => write(true, () => connection.passwordModify(both, withPolicy)),
      withPolicy,
    )
  } catch (error) {
    const check = refusedBind(error)
    if (check.outcome === 'expired') return changeExpired(pool, policies, given)
    return { outcome: 'refused', reason: check.reason === 'locked' ? 'locked' : 'old-password-wrong' }
  }
}

/** By the service account, since the person cannot bind any more. The server checks the old password once more (and with pwdSafeModify wants it). */
async function changeExpired(
  pool: Pool,
  policies: Policies,
  { dn, entry, old: oldPassword, password }: Change,
): Promise<PasswordWrite> {
  const newPassword = password.reveal()
  const written = await write(true, () =>
    pool.passwordModify({ user: dn, oldPassword, newPassword }, withPolicy),
  )
  if (written.outcome === 'written' && entry !== undefined) {
    const changes = await afterReset(policies, entry, false)
    if (changes.length > 0) await pool.modify(dn, changes)
  }
  return written
}

async function write(gaveOld: boolean, operation: () => Promise<unknown>): Promise<PasswordWrite> {
  try {
    await operation()
    return WRITTEN
  } catch (error) {
    return refusedWrite(error, gaveOld)
  }
}
