import { readPasswordPolicy, type PasswordPolicyError } from '../ldap/controls/password-policy.ts'
import type { Outcome } from '../ldap/result.ts'
import type { PasswordCheck, PasswordRefusal } from './directory.ts'

/** What a bind that went through says of the password. */
export function acceptedBind({ controls }: Outcome): PasswordCheck {
  const policy = readPasswordPolicy(controls)
  return {
    outcome: 'accepted',
    mustChange: policy?.error === 'changeAfterReset',
    ...(policy?.expiresIn !== undefined && { expiresInSeconds: policy.expiresIn }),
    ...(policy?.graceLogins !== undefined && { graceLeft: policy.graceLogins }),
  }
}

/** The password policy's reasons (draft-behera) in our words. */
export const policyReasons: Readonly<Partial<Record<PasswordPolicyError, PasswordRefusal>>> = {
  passwordModNotAllowed: 'change-not-allowed',
  mustSupplyOldPassword: 'change-not-allowed',
  insufficientPasswordQuality: 'insufficient-quality',
  passwordTooShort: 'too-short',
  passwordTooLong: 'too-long',
  passwordTooYoung: 'too-young',
  passwordInHistory: 'in-history',
}
