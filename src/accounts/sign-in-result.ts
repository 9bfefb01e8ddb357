import type { PersonRef } from '../access/actor.ts'

/** What came of a try to sign in with login and password. Unknown logins and wrong passwords are the same refusal, in the same time. */
export type SignInResult =
  /** `graceLeft`: the password has expired, and may be used so many times more. `expiresAt`: it will, soon. */
  | { outcome: 'signed-in'; person: PersonRef; graceLeft?: number; expiresAt?: Date }
  /** The password is right, and must be changed before anything else: it expired, or an agent reset it. */
  | { outcome: 'must-change'; person: PersonRef; why: 'expired' | 'reset' }
  | { outcome: 'refused'; reason: 'wrong' | 'locked' }
