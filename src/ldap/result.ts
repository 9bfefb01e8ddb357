import type { Control } from './control.ts'

/** Result codes of RFC 4511, appendix A, RFC 3909 (Cancel), RFC 4370 (proxied authorization) and RFC 4528 (assertion). */
const NAMES: Readonly<Record<number, string>> = {
  0: 'success',
  1: 'operationsError',
  2: 'protocolError',
  3: 'timeLimitExceeded',
  4: 'sizeLimitExceeded',
  5: 'compareFalse',
  6: 'compareTrue',
  7: 'authMethodNotSupported',
  8: 'strongerAuthRequired',
  10: 'referral',
  11: 'adminLimitExceeded',
  12: 'unavailableCriticalExtension',
  13: 'confidentialityRequired',
  14: 'saslBindInProgress',
  16: 'noSuchAttribute',
  17: 'undefinedAttributeType',
  18: 'inappropriateMatching',
  19: 'constraintViolation',
  20: 'attributeOrValueExists',
  21: 'invalidAttributeSyntax',
  32: 'noSuchObject',
  33: 'aliasProblem',
  34: 'invalidDNSyntax',
  36: 'aliasDereferencingProblem',
  48: 'inappropriateAuthentication',
  49: 'invalidCredentials',
  50: 'insufficientAccessRights',
  51: 'busy',
  52: 'unavailable',
  53: 'unwillingToPerform',
  54: 'loopDetect',
  64: 'namingViolation',
  65: 'objectClassViolation',
  66: 'notAllowedOnNonLeaf',
  67: 'notAllowedOnRDN',
  68: 'entryAlreadyExists',
  69: 'objectClassModsProhibited',
  71: 'affectsMultipleDSAs',
  80: 'other',
  118: 'canceled',
  119: 'noSuchOperation',
  120: 'tooLate',
  121: 'cannotCancel',
  122: 'assertionFailed',
  123: 'authorizationDenied',
  4096: 'syncRefreshRequired',
}

/** What the server says at the end of an operation (LDAPResult, RFC 4511, 4.1.9). */
export type Result = {
  readonly code: number
  readonly matchedDn: string
  readonly diagnostic: string
  /** URIs of other servers, when `code` is 10 (referral). */
  readonly referrals: readonly string[]
}

/** A result with the controls that came with it. */
export type Outcome = Result & { readonly controls: readonly Control[] }

/** The standard's name of a result code; `code-N` for one that no standard names. */
export function resultName(code: number): string {
  return NAMES[code] ?? `code-${code}`
}

/** The server refused an operation. `name` is the standard's name of the code, `controls` came with the refusal. */
export class LdapError extends Error {
  readonly code: number
  readonly diagnostic: string
  readonly matchedDn: string
  readonly referrals: readonly string[]
  readonly controls: readonly Control[]

  constructor(outcome: Outcome) {
    const name = resultName(outcome.code)
    super(
      `LDAP result ${outcome.code} (${name})${outcome.diagnostic === '' ? '' : `: ${outcome.diagnostic}`}`,
    )
    this.name = name
    this.code = outcome.code
    this.diagnostic = outcome.diagnostic
    this.matchedDn = outcome.matchedDn
    this.referrals = outcome.referrals
    this.controls = outcome.controls
  }
}

/** Throws the `LdapError` of an outcome that is not one of the expected codes. */
export function expectSuccess(outcome: Outcome, ...alsoExpected: readonly number[]): Outcome {
  if (outcome.code !== 0 && !alsoExpected.includes(outcome.code)) throw new LdapError(outcome)
  return outcome
}
