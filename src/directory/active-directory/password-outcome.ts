import { resultCode } from '../../ldap/result-code.ts'
import { LdapError } from '../../ldap/result.ts'
import type { PasswordCheck, PasswordRefusal, PasswordWrite } from '../directory.ts'

const wrong: PasswordCheck = { outcome: 'refused', reason: 'wrong' }
const shut: PasswordCheck = { outcome: 'refused', reason: 'shut' }

/**
 * What the sub-code of a refused bind means: the Windows error, in hexadecimal, behind `data`. Of right passwords only come all but 525, 52e and 775
 * (seen on Samba; on Windows by Microsoft's word). A locked account is 775 for right and wrong ones alike.
 */
const checks: Readonly<Record<string, PasswordCheck>> = {
  '525': wrong, // ERROR_NO_SUCH_USER
  '52e': wrong, // ERROR_LOGON_FAILURE
  '530': shut, // ERROR_INVALID_LOGON_HOURS
  '531': shut, // ERROR_INVALID_WORKSTATION
  '532': { outcome: 'expired' }, // ERROR_PASSWORD_EXPIRED
  '533': shut, // ERROR_ACCOUNT_DISABLED
  '701': shut, // ERROR_ACCOUNT_EXPIRED
  '773': { outcome: 'accepted', mustChange: true }, // ERROR_PASSWORD_MUST_CHANGE
  '775': { outcome: 'refused', reason: 'locked' }, // ERROR_ACCOUNT_LOCKED_OUT
}

/** What a refused bind says of the password. Throws errors that say nothing about it. */
export function refusedBind(error: unknown): PasswordCheck {
  if (!(error instanceof LdapError) || error.code !== resultCode.invalidCredentials) throw error
  const subCode = /\bdata ([0-9a-f]+)/i.exec(error.diagnostic)?.[1]?.toLowerCase()
  return (subCode && checks[subCode]) || wrong
}

/** What the Windows error at the start of a refused write means, in hexadecimal. */
const refusals: Readonly<Record<string, PasswordRefusal>> = {
  '00000056': 'old-password-wrong', // ERROR_INVALID_PASSWORD
  '0000052d': 'insufficient-quality', // ERROR_PASSWORD_RESTRICTION
  '00000775': 'locked', // ERROR_ACCOUNT_LOCKED_OUT
}

/** Windows has one code for all that a password may lack; Samba also says which. */
const words: readonly (readonly [RegExp, PasswordRefusal])[] = [
  [/too short/, 'too-short'],
  [/too young/, 'too-young'],
  [/already used/, 'in-history'],
]

/** Why a new password was refused. Throws errors that say nothing about the password. */
export function refusedWrite(error: unknown): PasswordWrite {
  const reason = error instanceof LdapError ? refusalOf(error) : undefined
  if (reason === undefined) throw error
  return { outcome: 'refused', reason }
}

function refusalOf({ code, diagnostic }: LdapError): PasswordRefusal | undefined {
  // Among others: "user cannot change password".
  if (code === resultCode.insufficientAccessRights) return 'change-not-allowed'
  if (code !== resultCode.constraintViolation && code !== resultCode.unwillingToPerform) return undefined
  const refusal = refusals[diagnostic.slice(0, 8).toLowerCase()]
  if (refusal !== 'insufficient-quality') return refusal
  return words.find(([pattern]) => pattern.test(diagnostic))?.[1] ?? refusal
}
