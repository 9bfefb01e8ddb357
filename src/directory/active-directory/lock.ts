import { first, type Entry } from '../../ldap/entry.ts'
import type { Condition } from '../account-state.ts'
import { dateOf, largeInteger } from './file-time.ts'
import type { PolicyEntry } from './policy.ts'
import { LOCKED_OUT } from './user-account-control.ts'

/**
 * Only wrong passwords lock, and lockoutTime stays after the lock is over. Where the policy may not be read, the server's own word counts,
 * which it gave when it was asked.
 */
export function lockConditions(entry: Entry, rules: PolicyEntry | null, now: Date): Condition[] {
  const since = dateOf(largeInteger(first(entry, 'lockoutTime')))
  if (since === undefined) return []
  if (rules === null) return isComputedLocked(entry) ? [{ kind: 'locked', by: 'policy', since }] : []
  if (rules.lockoutDuration === undefined) return [{ kind: 'locked', by: 'policy', since }]
  const until = new Date(since.getTime() + rules.lockoutDuration)
  return now < until ? [{ kind: 'locked', by: 'policy', since, until }] : []
}

function isComputedLocked(entry: Entry): boolean {
  return (Number(first(entry, 'msDS-User-Account-Control-Computed') ?? 0) & LOCKED_OUT) !== 0
}
