import { readPasswordPolicy } from '../../ldap/controls/password-policy.ts'
import { resultCode } from '../../ldap/result-code.ts'
import { LdapError } from '../../ldap/result.ts'
import type { PasswordCheck, PasswordRefusal, PasswordWrite } from '../directory.ts'
import { policyReasons } from '../policy-answers.ts'

/**
 * What a refused bind means. 53: inactivated, for right and wrong passwords alike. 19: locked by failures, or by the Account Policy plugin for not
 * having been there. 49 with "expired": the password is right. Throws errors that say nothing about the password.
 */
export function refusedBind(error: unknown): Exclude<PasswordCheck, { outcome: 'accepted' }> {
  if (!(error instanceof LdapError)) throw error
  const reason = readPasswordPolicy(error.controls)?.error
  switch (error.code) {
    case resultCode.invalidCredentials:
      return reason === 'passwordExpired' ? { outcome: 'expired' } : { outcome: 'refused', reason: 'wrong' }
    case resultCode.constraintViolation:
      return { outcome: 'refused', reason: /retry limit/i.test(error.diagnostic) ? 'locked' : 'shut' }
    case resultCode.unwillingToPerform:
      return { outcome: 'refused', reason: 'shut' }
    default:
      throw error
  }
}

/** Why a new password was refused. Throws errors that say nothing about the password. */
export function refusedWrite(error: unknown): PasswordWrite {
  if (!(error instanceof LdapError)) throw error
  const said = readPasswordPolicy(error.controls)?.error
  const reason = (said && policyReasons[said]) ?? reasonOfCode(error.code)
  if (reason === undefined) throw error
  return { outcome: 'refused', reason }
}

function reasonOfCode(code: number): PasswordRefusal | undefined {
  switch (code) {
    // The one refusal for which the server gives no reason: the present password once more.
    case resultCode.constraintViolation:
      return 'in-history'
    case resultCode.invalidCredentials:
      return 'old-password-wrong'
    case resultCode.insufficientAccessRights:
      return 'change-not-allowed'
    default:
      return undefined
  }
}
