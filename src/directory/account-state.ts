/** States that lists and reports select by: first those that keep somebody out, last those that are only good to know. */
export const stateNames = [
  'locked',
  'disabled',
  'not-started',
  'ended',
  'idle',
  'closed-elsewhere',
  'password-expired',
  'must-change',
  'password-expiring',
  'ending',
  'no-password',
  'password-elsewhere',
  'never-signed-in',
  'dormant',
] as const
export type StateName = (typeof stateNames)[number]

/** By what another tool closed the account: FusionDirectory's `{SCHEME}!hash`, SupAnn's `supannRessourceEtat`, `shadowExpire`. */
export const closings = ['hash-prefix', 'resource-state', 'shadow-expire'] as const
export type Closing = (typeof closings)[number]

/** One thing that is true of the account now and that matters to who signs in or helps. Several may hold at once. */
export type Condition =
  /** `until` is absent when only an agent ends it. */
  | { kind: 'locked'; by: 'policy' | 'agent'; since?: Date; until?: Date }
  | { kind: 'disabled' }
  | { kind: 'not-started'; from: Date }
  | { kind: 'ended'; since: Date }
  /** Not used for longer than the policy allows. */
  | { kind: 'idle'; since: Date }
  /** Another tool closed the account: it is never reopened by us. */
  | { kind: 'closed-elsewhere'; how: Closing }
  | { kind: 'password-expired'; since: Date; graceLeft: number }
  | { kind: 'must-change' }
  /** Within `expiringWithin` days. */
  | { kind: 'password-expiring'; at: Date }
  /** The account's own end, within `expiringWithin` days. */
  | { kind: 'ending'; at: Date }
  /** Nothing to sign in with here: none was set yet, or a smart card is wanted. Said only where we can see that. */
  | { kind: 'no-password' }
  /** The password is in another system (`{SASL}name@realm`): `identity` is what stands behind the scheme. */
  | { kind: 'password-elsewhere'; identity: string }
  /** Only where the server records sign-ins. */
  | { kind: 'never-signed-in'; since?: Date }
  /** The last sign-in is longer ago than `dormantAfter` days. */
  | { kind: 'dormant'; since: Date }

/** Which password policy the server applies to the entry, and why that one. */
export type PolicyRef = {
  /** DN of the policy's entry, the domain's on Active Directory. */
  dn: string
  /** `entry`: named by the entry itself (pwdPolicySubentry, PSO, nsAccount policy); `default`: the one for all others. */
  source: 'entry' | 'default'
}

export type AccountState = {
  /** Would this person get in with the right password? False also when the server would open and we do not (`closed-elsewhere`). */
  canSignIn: boolean
  conditions: readonly Condition[]
  /** False when the server has no effective policy for the entry and so enforces neither lock nor dates. */
  enforced: boolean
  /** Validity as the server computes it. */
  validFrom?: Date
  validUntil?: Date
  passwordChangedAt?: Date
  passwordExpiresAt?: Date
  lastSignInAt?: Date
  /** Times of the failures the directory counts now; empty where the server counts without times. */
  failures: readonly Date[]
  policy?: PolicyRef
}
