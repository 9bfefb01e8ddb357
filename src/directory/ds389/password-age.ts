import { first, type Entry } from '../../ldap/entry.ts'
import type { Condition } from '../account-state.ts'
import { later, time } from '../entry-time.ts'
import type { PolicyEntry } from './policy.ts'
import { EPOCH, NOT_FIRST_TIME } from './time.ts'

const DAY = 86_400

/**
 * When the password ends: a date that the server writes with the password, or at the first sign-in after it began to look at ages. Undefined where none
 * is written, or the policy does not look at it.
 */
export function expiryOf(entry: Entry, policy: PolicyEntry): Date | undefined {
  const hasEnd = !isChangeRequired(entry) && first(entry, 'passwordExpirationTime') !== NOT_FIRST_TIME
  return policy.expires && hasEnd ? time(entry, 'passwordExpirationTime') : undefined
}

/** The server writes 1970 when somebody else than the owner sets a password. `pwdReset` stays TRUE after that was taken back. */
export function isChangeRequired(entry: Entry): boolean {
  return first(entry, 'passwordExpirationTime') === EPOCH
}

export function ageConditions(
  entry: Entry,
  policy: PolicyEntry,
  { expiringWithin, now }: { expiringWithin: number; now: Date },
): Condition[] {
  if (isChangeRequired(entry)) return policy.mustChange ? [{ kind: 'must-change' }] : []
  const at = expiryOf(entry, policy)
  if (at === undefined) return []
  if (now >= at) {
    const used = Number(first(entry, 'passwordGraceUserTime') ?? 0)
    return [{ kind: 'password-expired', since: at, graceLeft: Math.max(0, policy.graceLimit - used) }]
  }
  return later(now, Math.max(policy.warning, expiringWithin * DAY)) >= at
    ? [{ kind: 'password-expiring', at }]
    : []
}
