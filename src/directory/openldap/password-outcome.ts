import { readPasswordPolicy } from '../../ldap/controls/password-policy.ts'
import { resultCode } from '../../ldap/result-code.ts'
import { LdapError } from '../../ldap/result.ts'
import type { PasswordCheck, PasswordRefusal, PasswordWrite } from '../directory.ts'
import { policyReasons } from '../policy-answers.ts'

/** What a refused bind means. Throws errors that say nothing about the password. */
export function refusedBind(error: unknown): Exclude<PasswordCheck, { outcome: 'accepted' }> {
  if (!(error instanceof LdapError) || error.code !== resultCode.invalidCredentials) throw error
  const reason = readPasswordPolicy(error.controls)?.error
  // slapd says "expired" only when the password is right: a wrong one gets a bare 49.
  if (reason === 'passwordExpired') return { outcome: 'expired' }
  return { outcome: 'refused', reason: reason === 'accountLocked' ? 'locked' : 'wrong' }
}

const reasonsByCode: ReadonlyMap<number, PasswordRefusal> = new Map([
  [resultCode.constraintViolation, 'insufficient-quality'],
  [resultCode.insufficientAccessRights, 'change-not-allowed'],
])

/**
 * Why a new password was refused, in the server's own numbers. `gaveOld`: slapd answers 53 to a wrong old password in the exop, and to any write when it is
 * read-only. Throws errors that say nothing about the password.
 */
export function refusedWrite(error: unknown, gaveOld: boolean): PasswordWrite {
  if (!(error instanceof LdapError)) throw error
  const said = readPasswordPolicy(error.controls)?.error
  const isOldWrong = gaveOld && error.code === resultCode.unwillingToPerform
  const reason =
    (said && policyReasons[said]) ?? (isOldWrong ? 'old-password-wrong' : reasonsByCode.get(error.code))
  if (reason === undefined) throw error
  return { outcome: 'refused', reason }
}
