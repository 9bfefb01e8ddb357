import type { DirectoryKind } from '../config/directory-schema.ts'
import type { Operations } from '../ldap/operations.ts'
import { resultCode } from '../ldap/result-code.ts'
import { LdapError } from '../ldap/result.ts'
import type { StateName } from './account-state.ts'
import { orUnavailable } from './unavailable.ts'

const LONG_AGO = '19000101000000Z'

/** What an account's state is computed from, and a value to compare with. (Active Directory shows people's state to every account.) */
export const stateTold: Readonly<Record<DirectoryKind, Readonly<Record<string, string>>>> = {
  openldap: {
    pwdAccountLockedTime: LONG_AGO,
    pwdReset: 'TRUE',
    pwdStartTime: LONG_AGO,
    pwdEndTime: LONG_AGO,
    pwdChangedTime: LONG_AGO,
    pwdFailureTime: LONG_AGO,
    pwdGraceUseTime: LONG_AGO,
    pwdLastSuccess: LONG_AGO,
    pwdPolicySubentry: '',
  },
  ds389: {
    nsAccountLock: 'true',
    passwordRetryCount: '0',
    accountUnlockTime: LONG_AGO,
    passwordExpirationTime: LONG_AGO,
    pwdUpdateTime: LONG_AGO,
    lastLoginTime: LONG_AGO,
  },
  'active-directory': {},
}

/** States without which somebody has to act sooner or later, and by which attributes they are told. */
const toldBy: Readonly<Record<string, readonly StateName[]>> = {
  pwdAccountLockedTime: ['locked'],
  pwdChangedTime: ['password-expired', 'password-expiring'],
  pwdPolicySubentry: ['password-expired', 'password-expiring'],
  accountUnlockTime: ['locked'],
  passwordExpirationTime: ['password-expired', 'password-expiring'],
}

/**
 * Those of the attributes that the service account may not see in that entry. An attribute that is not shown is not in an answer, as one that the entry
 * lacks; a compare tells the two apart: 50 to who may not, 16 where there is none.
 */
export async function hiddenAttributes(
  operations: Pick<Operations, 'compare'>,
  dn: string,
  attributes: Readonly<Record<string, string>>,
): Promise<string[]> {
  const judged = Object.entries(attributes).map(async ([name, value]) => {
    try {
      await operations.compare(dn, name, value)
      return []
    } catch (error) {
      if (error instanceof LdapError) return error.code === resultCode.insufficientAccessRights ? [name] : []
      throw error
    }
  })
  return (await Promise.all(judged)).flat()
}

/** Of the port: which states nobody with the rights of the service account would see of an entry. */
export function hiddenStates(pool: Operations, kind: DirectoryKind) {
  const attributes = Object.fromEntries(Object.entries(stateTold[kind]).filter(([name]) => name in toldBy))
  return {
    hiddenStates: (dn: string): Promise<StateName[]> =>
      orUnavailable(async () =>
        (await hiddenAttributes(pool, dn, attributes)).flatMap((name) => toldBy[name] ?? []),
      ),
  }
}
