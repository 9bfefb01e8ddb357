import type { Control } from './control.ts'
import { resultName } from './result-code.ts'

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
