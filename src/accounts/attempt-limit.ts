import { createHash } from 'node:crypto'
import { Problem } from '../problems/problem.ts'
import type { EphemeralStore } from '../store/ephemeral.ts'

/** Tries within a window of seconds, counted for all replicas together. */
export type AttemptLimit = { max: number; window: number }

/** Counts this try before it is made, so that parallel tries cannot pass the limit together. Throws Problem `too-many-attempts` with the wait. */
export async function countAttempt(store: EphemeralStore, key: string, limit: AttemptLimit): Promise<void> {
  const { count, ttl } = await store.increment(key, limit.window)
  if (count > limit.max) throw new Problem('too-many-attempts', { retryAfter: ttl })
}

/** The counter of guesses at the password of one login. Whoever proves the account otherwise, or gets a new password, deletes it. */
export function signInKey(tenant: string, login: string): string {
  return attemptKey('sign-in', tenant, login)
}

/**
 * A counter's key. What people typed is hashed: a login field often holds a password by mistake. Texts that a directory takes for the same login (case,
 * Unicode form, runs of spaces) have one counter: otherwise each spelling would bring new tries.
 */
export function attemptKey(area: string, tenant: string, subject: string): string {
  const same = subject.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' ').trim()
  const hash = createHash('sha256').update(same).digest('base64url')
  return `attempts:${tenant}:${area}:${hash}`
}
