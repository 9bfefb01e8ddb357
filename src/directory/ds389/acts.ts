import type { Dn } from '../../ldap/dn.ts'
import { first, type Entry } from '../../ldap/entry.ts'
import type { Operations } from '../../ldap/operations.ts'
import { resultCode } from '../../ldap/result-code.ts'
import { LdapError } from '../../ldap/result.ts'
import type { Change } from '../../ldap/update-message.ts'
import type { ActOutcome, Directory } from '../directory.ts'
import { orUnavailable } from '../unavailable.ts'
import type { IsComputed } from './class-of-service.ts'
import { isLockedByAgent, lockChanges } from './lock.ts'
import { isChangeRequired } from './password-age.ts'
import type { Policies } from './policies.ts'
import type { PolicyEntry } from './policy.ts'
import { endOfPassword } from './reset-password.ts'
import { withoutLimits } from './temporary-password.ts'

const counters = ['passwordRetryCount', 'retryCountResetTime', 'accountUnlockTime']

/** `isReplicated`: people may bind at several servers. */
type Means = {
  pool: Operations
  policies: Policies
  isComputed: IsComputed
  isReplicated: boolean
  clock: () => Date
}

/** The acts. The server knows no dates between which an account is valid. */
export function acts({
  pool,
  policies,
  isComputed,
  isReplicated,
  clock,
}: Means): Pick<Directory, 'unlock' | 'lock' | 'disable' | 'enable' | 'requireChange' | 'setValidity'> {
  /** Reads what `changesFor` judges by, and writes the changes if there are any. */
  const change = (
    dn: Dn,
    changesFor: (entry: Entry, policy: PolicyEntry) => readonly Change[] | 'not-enforced',
  ) =>
    orUnavailable(async (): Promise<ActOutcome> => {
      const attributes = [...counters, 'pwdPolicySubentry', 'passwordExpirationTime', 'nsAccountLock']
      const entry = await pool.read(dn, { attributes })
      if (entry === undefined) return 'not-enforced'
      const changes = changesFor(entry, await policies.effectiveFor(entry))
      if (changes === 'not-enforced') return changes
      if (changes.length === 0) return 'already-so'
      await pool.modify(dn, changes)
      return 'done'
    })
  return {
    unlock: (dn) =>
      change(dn, (entry) => {
        const counted = counters.filter((name) => !['0', undefined].includes(first(entry, name)))
        return counted.map((attribute) => ({ operation: 'replace', attribute, values: [] }))
      }),
    async lock(dn, now) {
      // The other servers would go on letting them in.
      if (isReplicated && !(await orUnavailable(policies.replicatesLocks))) return 'not-enforced'
      return await change(dn, (entry, policy) => {
        if (!policy.lockout) return 'not-enforced'
        return isLockedByAgent(entry, policy, now) ? [] : lockChanges
      })
    },
    disable: (dn) =>
      change(dn, (entry) =>
        isDisabled(entry) ? [] : [{ operation: 'replace', attribute: 'nsAccountLock', values: ['true'] }],
      ),
    enable: (dn) => orUnavailable(() => enable(pool, isComputed, dn)),
    requireChange: (dn, required) =>
      change(dn, (entry, policy) => {
        if (required && !policy.mustChange) return 'not-enforced'
        if (isChangeRequired(entry) === required) return []
        const end = endOfPassword(policy, required, clock())
        return required ? [end] : [end, ...withoutLimits(policy)]
      }),
    setValidity: () => Promise.resolve('not-supported'),
  }
}

/** Who is disabled by a role stays so, whatever is in the entry. */
async function enable(pool: Operations, isComputed: IsComputed, dn: Dn): Promise<ActOutcome> {
  const outcome = await removeLock(pool, dn)
  if (outcome === 'done' && !(await isComputed('nsAccountLock'))) return 'done'
  const entry = await pool.read(dn, { attributes: ['nsAccountLock'] })
  return entry !== undefined && isDisabled(entry) ? 'not-enforced' : outcome
}

async function removeLock(pool: Operations, dn: Dn): Promise<ActOutcome> {
  try {
    await pool.modify(dn, [{ operation: 'delete', attribute: 'nsAccountLock', values: [] }])
    return 'done'
  } catch (error) {
    if (!(error instanceof LdapError) || error.code !== resultCode.noSuchAttribute) throw error
    return 'already-so'
  }
}

function isDisabled(entry: Entry): boolean {
  return first(entry, 'nsAccountLock')?.toLowerCase() === 'true'
}
