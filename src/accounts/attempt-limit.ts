import { hash } from 'node:crypto'
import { Problem } from '../problems/problem.ts'
import type { EphemeralStore } from '../store/ephemeral.ts'

/** Tries within a window of seconds, counted for all replicas together. */
export type AttemptLimit = { max: number; window: number }

/** Counts this try before it is made, so that parallel tries cannot pass the limit together. Throws Problem `too-many-attempts` with the wait. */
export async function countAttempt(store: EphemeralStore, key: string, limit: AttemptLimit): Promise<void> {
  const { count, ttl } = await store.increment(key, limit.window)
  if (count > limit.max) throw new Problem('too-many-attempts', { retryAfter: ttl })
}

/** Counts this try as `countAttempt` does; false when it is one too many. */
export async function isWithinLimit(
  store: EphemeralStore,
  key: string,
  limit: AttemptLimit,
): Promise<boolean> {
  return (await store.increment(key, limit.window)).count <= limit.max
}

/** The counter of guesses at whoever was typed: it also counts for logins that nobody has. */
export function signInKey(tenant: string, typed: string): string {
  return attemptKey('sign-in', tenant, typed)
}

/** The counter of guesses at one account, by whichever of its names. */
export function accountKey(tenant: string, accountId: string): string {
  return attemptKey('sign-in-account', tenant, accountId)
}

/** Lets a person sign in at once, by any of their names: they have a new password, or an agent has unlocked them. */
export async function forgetGuesses(
  store: EphemeralStore,
  tenant: string,
  { accountId, names }: { accountId: string; names: readonly string[] },
): Promise<void> {
  await store.delete(accountKey(tenant, accountId), ...names.map((name) => signInKey(tenant, name)))
}

/**
 * A counter's key. What people typed is hashed: a login field often holds a password by mistake. Texts that a
 * directory may take for the same login (case, accents, Unicode form, runs of spaces) have one counter:
 * otherwise each spelling would bring new tries.
 */
export function attemptKey(area: string, tenant: string, subject: string): string {
  // Without accents: Active Directory compares so, and slapd takes U+0130 for an i. Both cases: of ς and σ, ß and ẞ each alone leaves two.
  const letters = subject.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase().toUpperCase()
  const same = letters.replaceAll(/\s+/g, ' ').trim()
  return `attempts:${tenant}:${area}:${hash('sha256', same, 'base64url')}`
}
