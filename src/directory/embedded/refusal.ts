import type { PasswordPolicy } from '../../ldap/controls/password-policy.ts'
import { resultCode } from '../../ldap/result-code.ts'

export type RefusalReason = Exclude<keyof typeof resultCode, 'success'>

/** An operation that ends with a result other than success. The diagnostic is for the client's developer: no secret in it. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: number
  readonly matchedDn: string
  /** What the password policy control says, for a client that asked for it. */
  readonly policy: PasswordPolicy | undefined

  constructor(
    reason: RefusalReason,
    diagnostic = '',
    more: { matchedDn?: string; policy?: PasswordPolicy } = {},
  ) {
    super(diagnostic)
    this.code = resultCode[reason]
    this.matchedDn = more.matchedDn ?? ''
    this.policy = more.policy
  }
}
