import type { Dn } from '../../ldap/dn.ts'
import { first } from '../../ldap/entry.ts'
import type { Operations } from '../../ldap/operations.ts'
import { resultCode } from '../../ldap/result-code.ts'
import { LdapError } from '../../ldap/result.ts'
import type { ActOutcome, Directory } from '../directory.ts'
import { orUnavailable } from '../unavailable.ts'
import { time } from '../entry-time.ts'
import { LOCKED_FOR_EVER } from './lock.ts'
import type { Policies } from './policies.ts'
import type { PolicyEntry } from './policy.ts'
import { disable } from './disable.ts'
import { setValidity } from './set-validity.ts'
import { DISABLED_UNTIL } from './validity.ts'

/**
 * The acts, as ppolicy enforces them. Where no policy is effective slapd enforces neither locks nor dates, and without pwdMustChange no change of a
 * password: the acts that would then have no effect answer `not-enforced` and write nothing.
 */
export function acts(
  pool: Operations,
  policies: Policies,
  { hasReplicas, clock }: { hasReplicas: boolean; clock: () => Date },
): Pick<Directory, 'unlock' | 'lock' | 'disable' | 'enable' | 'requireChange' | 'setValidity'> {
  const setTo = (dn: Dn, attribute: string, value: string, bites: (policy: PolicyEntry) => boolean) =>
    orUnavailable(async (): Promise<ActOutcome> => {
      const entry = await pool.read(dn, { attributes: ['pwdPolicySubentry', attribute] })
      const policy = entry === undefined ? null : await policies.effectiveFor(entry)
      if (entry === undefined || policy === null || !bites(policy)) return 'not-enforced'
      if (first(entry, attribute) === value) return 'already-so'
      await pool.modify(dn, [{ operation: 'replace', attribute, values: [value] }])
      return 'done'
    })
  const remove = (dn: Dn, attribute: string, value?: string) =>
    orUnavailable(() => removeValue(pool, dn, attribute, value))
  return {
    unlock: (dn) => orUnavailable(() => unlock(pool, dn, { hasReplicas, now: clock() })),
    lock: (dn) => setTo(dn, 'pwdAccountLockedTime', LOCKED_FOR_EVER, ({ lockout }) => lockout),
    disable: (dn, now) => orUnavailable(() => disable(pool, policies, dn, now)),
    enable: (dn) => remove(dn, 'pwdStartTime', DISABLED_UNTIL),
    requireChange: (dn, required) =>
      required
        ? setTo(dn, 'pwdReset', 'TRUE', ({ mustChange }) => mustChange)
        : remove(dn, 'pwdReset', 'TRUE'),
    setValidity: (dn, validity) => orUnavailable(() => setValidity(pool, policies, dn, validity)),
  }
}

/**
 * A delete, not an empty replace: only then does slapd drop the failures too, or the next typo locks again. A pause (pwdMinDelay) nobody can end. A
 * replica locks by itself whom it has heard guessing, and the primary knows nothing of that: there an empty replace has nothing to do, and still goes on
 * to the replicas, which drop lock and failures.
 */
async function unlock(
  pool: Operations,
  dn: Dn,
  { hasReplicas, now }: { hasReplicas: boolean; now: Date },
): Promise<ActOutcome> {
  const outcome = await removeValue(pool, dn, 'pwdAccountLockedTime')
  if (outcome === 'done') return outcome
  const entry = await pool.read(dn, { attributes: ['pwdAccountTmpLockoutEnd'] })
  const pauseEnd = entry && time(entry, 'pwdAccountTmpLockoutEnd')
  if (pauseEnd !== undefined && now < pauseEnd) return 'not-supported'
  if (!hasReplicas) return outcome
  await pool.modify(dn, [{ operation: 'replace', attribute: 'pwdAccountLockedTime', values: [] }])
  return 'done'
}

async function removeValue(pool: Operations, dn: Dn, attribute: string, value?: string): Promise<ActOutcome> {
  try {
    await pool.modify(dn, [{ operation: 'delete', attribute, values: value === undefined ? [] : [value] }])
    return 'done'
  } catch (error) {
    if (error instanceof LdapError && error.code === resultCode.noSuchAttribute) return 'already-so'
    throw error
  }
}
