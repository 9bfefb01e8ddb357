import type { PasswordPolicy } from '../../ldap/controls/password-policy.ts'

/** The result codes with which this directory refuses (RFC 4511, appendix A). */
const codes = {
  operationsError: 1,
  protocolError: 2,
  sizeLimitExceeded: 4,
  authMethodNotSupported: 7,
  strongerAuthRequired: 8,
  unavailableCriticalExtension: 12,
  noSuchAttribute: 16,
  undefinedAttributeType: 17,
  inappropriateMatching: 18,
  constraintViolation: 19,
  attributeOrValueExists: 20,
  invalidAttributeSyntax: 21,
  noSuchObject: 32,
  invalidDNSyntax: 34,
  invalidCredentials: 49,
  insufficientAccessRights: 50,
  unavailable: 52,
  unwillingToPerform: 53,
  namingViolation: 64,
  objectClassViolation: 65,
  notAllowedOnNonLeaf: 66,
  entryAlreadyExists: 68,
  objectClassModsProhibited: 69,
  other: 80,
  canceled: 118,
  noSuchOperation: 119,
  assertionFailed: 122,
} as const

export type RefusalReason = keyof typeof codes

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
    this.code = codes[reason]
    this.matchedDn = more.matchedDn ?? ''
    this.policy = more.policy
  }
}
