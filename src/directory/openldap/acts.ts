import type { Dn } from '../../ldap/dn.ts'
import type { Operations } from '../../ldap/operations.ts'
import { LdapError } from '../../ldap/result.ts'
import type { ActOutcome, Directory } from '../directory.ts'
import { orUnavailable } from '../unavailable.ts'
import type { Policies } from './policies.ts'
import { DISABLED_UNTIL, LOCKED_FOR_EVER } from './state.ts'

const NO_SUCH_ATTRIBUTE = 16

/**
 * Lock, unlock, disable, enable, as ppolicy enforces them. Where no policy is effective slapd enforces neither locks nor dates: the acts that shut
 * out then answer `not-enforced` and write nothing.
 */
export function acts(
  pool: Operations,
  policies: Policies,
): Pick<Directory, 'unlock' | 'lock' | 'disable' | 'enable'> {
  const policyFor = async (dn: Dn) => {
    const entry = await pool.read(dn, { attributes: ['pwdPolicySubentry'] })
    return entry === undefined ? null : policies.effectiveFor(entry)
  }
  return {
    // A delete, not an empty replace: only then does slapd drop the failures too, or the next typo locks again.
    unlock: (dn) => orUnavailable(() => removeValue(pool, dn, 'pwdAccountLockedTime')),
    lock: (dn) =>
      orUnavailable(async () => {
        if ((await policyFor(dn))?.lockout !== true) return 'not-enforced'
        return replaceValue(pool, dn, 'pwdAccountLockedTime', LOCKED_FOR_EVER)
      }),
    disable: (dn) =>
      orUnavailable(async () => {
        if ((await policyFor(dn)) === null) return 'not-enforced'
        return replaceValue(pool, dn, 'pwdStartTime', DISABLED_UNTIL)
      }),
    enable: (dn) => orUnavailable(() => removeValue(pool, dn, 'pwdStartTime', DISABLED_UNTIL)),
  }
}

async function removeValue(pool: Operations, dn: Dn, attribute: string, value?: string): Promise<ActOutcome> {
  try {
    await pool.modify(dn, [{ operation: 'delete', attribute, values: value === undefined ? [] : [value] }])
    return 'done'
  } catch (error) {
    if (error instanceof LdapError && error.code === NO_SUCH_ATTRIBUTE) return 'already-so'
    throw error
  }
}

async function replaceValue(pool: Operations, dn: Dn, attribute: string, value: string): Promise<ActOutcome> {
  const isSo = await pool.compare(dn, attribute, value).catch((error: unknown) => {
    if (error instanceof LdapError && error.code === NO_SUCH_ATTRIBUTE) return false
    throw error
  })
  if (isSo) return 'already-so'
  await pool.modify(dn, [{ operation: 'replace', attribute, values: [value] }])
  return 'done'
}
