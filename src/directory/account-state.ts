/** States that lists and reports select by. */
export const stateNames = [
  'locked',
  'disabled',
  'not-started',
  'ended',
  'idle',
  'password-expired',
  'must-change',
  'closed-elsewhere',
] as const
export type StateName = (typeof stateNames)[number]

/** One thing that is true of the account now and that matters to who signs in or helps. Several may hold at once. */
export type Condition =
  /** `until` is absent when only an agent ends it. */
  | { kind: 'locked'; by: 'policy' | 'agent'; since?: Date; until?: Date }
  | { kind: 'disabled' }
  | { kind: 'not-started'; from: Date }
  | { kind: 'ended'; since: Date }
  /** Not used for longer than the policy allows. */
  | { kind: 'idle'; since: Date }
  | { kind: 'password-expired'; since: Date; graceLeft: number }
  | { kind: 'must-change' }
  /** Another system closed the account or owns its password: a reset would undo or break that. */
  | { kind: 'closed-elsewhere'; how: 'hash-prefix' | 'pass-through' }

export type AccountState = {
  /** Would the directory let this person in with the right password? */
  canSignIn: boolean
  conditions: readonly Condition[]
  /** False when the server has no effective policy for the entry and so enforces neither lock nor dates. */
  enforced: boolean
  passwordChangedAt?: Date
  passwordExpiresAt?: Date
  lastSignInAt?: Date
  /** Times of the failures the directory counts now. */
  failures: readonly Date[]
  /** DN of the effective policy. */
  policy?: string
}
