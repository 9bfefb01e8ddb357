import type { PersonRef } from '../access/actor.ts'

/** What came of a try to sign in with login and password. Unknown logins and wrong passwords are the same refusal, in the same time. */
export type SignInResult =
  | { outcome: 'signed-in'; person: PersonRef; expiresInSeconds?: number; graceLeft?: number }
  /** The password is right, and must be changed before anything else: it expired, or an agent reset it. */
  | { outcome: 'must-change'; person: PersonRef; why: 'expired' | 'reset' }
  | { outcome: 'refused'; reason: 'wrong' | 'locked' }
