import { BerReader, SEQUENCE } from '../ber-reader.ts'
import { berBytes } from '../ber-writer.ts'
import { type Control, findControl } from '../control.ts'

/** draft-behera-ldap-password-policy: asks for, and brings, the reason behind a bind or a password change. */
export const PASSWORD_POLICY = '1.3.6.1.4.1.42.2.27.8.5.1'

const WARNING = 0xa0
const TIME_BEFORE_EXPIRATION = 0x80
const GRACE_LOGINS_REMAINING = 0x81
const ERROR = 0x81

const ERRORS = [
  'passwordExpired',
  'accountLocked',
  'changeAfterReset',
  'passwordModNotAllowed',
  'mustSupplyOldPassword',
  'insufficientPasswordQuality',
  'passwordTooShort',
  'passwordTooYoung',
  'passwordInHistory',
  'passwordTooLong',
] as const

export type PasswordPolicyError = (typeof ERRORS)[number]

export type PasswordPolicy = {
  /** Why it was refused; with a result of 0, what is allowed from now on is limited (`changeAfterReset`). */
  readonly error?: PasswordPolicyError
  /** Seconds until the password expires. */
  readonly expiresIn?: number
  /** Binds that an expired password still has. */
  readonly graceLogins?: number
}

/** On a request. */
export function passwordPolicy(): Control {
  return { oid: PASSWORD_POLICY, critical: false }
}

/** What the server says; undefined when it says nothing about a policy. An error code of no standard is left out. */
export function readPasswordPolicy(controls: readonly Control[]): PasswordPolicy | undefined {
  const value = findControl(controls, PASSWORD_POLICY)?.value
  if (!value) return undefined
  const reader = new BerReader(value)
  const outer = reader.enter(SEQUENCE)
  const warning = reader.peek() === WARNING ? readWarning(reader) : {}
  const error = reader.peek() === ERROR ? ERRORS[reader.integer(ERROR)] : undefined
  reader.leave(outer)
  return error ? { ...warning, error } : warning
}

function readWarning(reader: BerReader): PasswordPolicy {
  const outer = reader.enter(WARNING)
  const warning =
    reader.peek() === TIME_BEFORE_EXPIRATION
      ? { expiresIn: reader.integer(TIME_BEFORE_EXPIRATION) }
      : { graceLogins: reader.integer(GRACE_LOGINS_REMAINING) }
  reader.leave(outer)
  return warning
}

/** The server's side: on a response. A response has one warning at most: remaining grace logins go first. */
export function passwordPolicyResponse({ error, expiresIn, graceLogins }: PasswordPolicy): Control {
  const value = berBytes((writer) => {
    const sequence = writer.begin(SEQUENCE)
    if (graceLogins !== undefined || expiresIn !== undefined) {
      const warning = writer.begin(WARNING)
      if (graceLogins !== undefined) writer.integer(graceLogins, GRACE_LOGINS_REMAINING)
      else if (expiresIn !== undefined) writer.integer(expiresIn, TIME_BEFORE_EXPIRATION)
      writer.end(warning)
    }
    if (error !== undefined) writer.integer(ERRORS.indexOf(error), ERROR)
    writer.end(sequence)
  })
  return { oid: PASSWORD_POLICY, critical: false, value }
}
