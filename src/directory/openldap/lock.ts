import { first, text, type Entry } from '../../ldap/entry.ts'
import { parseGeneralizedTime } from '../../ldap/generalized-time.ts'
import type { Condition } from '../account-state.ts'
import { later, time } from '../entry-time.ts'
import type { PolicyEntry } from './policy.ts'

/** Locked until an agent unlocks (slapo-ppolicy(5), pwdAccountLockedTime). */
export const LOCKED_FOR_EVER = '000001010000Z'

/** Nobody is locked where the policy has no pwdLockout, whatever the entry says. */
export function lockConditions(entry: Entry, policy: PolicyEntry, now: Date): Condition[] {
  if (!policy.lockout) return []
  const delayEnd = time(entry, 'pwdAccountTmpLockoutEnd')
  if (delayEnd && now < delayEnd) return [{ kind: 'locked', by: 'policy', until: delayEnd }]
  const value = first(entry, 'pwdAccountLockedTime')
  if (value === LOCKED_FOR_EVER) return [{ kind: 'locked', by: 'agent' }]
  const since = value === undefined ? null : parseGeneralizedTime(value)
  // A time in the future does not lock, as slapd sees it.
  if (since === null || since > now) return []
  if (policy.lockoutDuration === 0) return [{ kind: 'locked', by: 'policy', since }]
  const until = later(since, policy.lockoutDuration)
  return now < until ? [{ kind: 'locked', by: 'policy', since, until }] : []
}

/** Times of the failures that slapd counts now, the oldest first. */
export function failures(entry: Entry, policy: PolicyEntry | null, now: Date): Date[] {
  const interval = policy?.failureCountInterval ?? 0
  return text(entry, 'pwdFailureTime')
    .map(parseGeneralizedTime)
    .filter((date) => date !== null)
    .filter((date) => interval === 0 || later(date, interval) > now)
    .toSorted((a, b) => a.getTime() - b.getTime())
}
