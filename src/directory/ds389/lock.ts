import { first, type Entry } from '../../ldap/entry.ts'
import type { Change } from '../../ldap/update-message.ts'
import type { Condition } from '../account-state.ts'
import { time } from '../entry-time.ts'
import type { PolicyEntry } from './policy.ts'
import { NEVER } from './time.ts'

/**
 * Until when an agent's lock lasts. The server itself has "for ever" (1970) only under policies that never unlock; a far date holds under every one,
 * and tells an agent's lock from that of wrong passwords.
 */
export const LOCKED_UNTIL = '20991231235959Z'

/** The most to which a policy may count failures (passwordMaxFailure): a lock with as many holds also when the policy is changed. */
const MOST_FAILURES = '32767'

/** Nobody is locked before as many failures as the policy wants are counted, whatever date the entry has: a date outlives the lock. */
export function lockConditions(entry: Entry, policy: PolicyEntry, now: Date): Condition[] {
  if (!policy.lockout || Number(first(entry, 'passwordRetryCount') ?? 0) < policy.maxFailure) return []
  if (first(entry, 'accountUnlockTime') === LOCKED_UNTIL) return [{ kind: 'locked', by: 'agent' }]
  const until = time(entry, 'accountUnlockTime')
  if (until === undefined) return []
  if (until.getTime() === NEVER) return policy.unlocks ? [] : [{ kind: 'locked', by: 'policy' }]
  return now < until ? [{ kind: 'locked', by: 'policy', until }] : []
}

export function isLockedByAgent(entry: Entry, policy: PolicyEntry, now: Date): boolean {
  return lockConditions(entry, policy, now).some(
    (condition) => condition.kind === 'locked' && condition.by === 'agent',
  )
}

export const lockChanges: readonly Change[] = [
  { operation: 'replace', attribute: 'passwordRetryCount', values: [MOST_FAILURES] },
  { operation: 'replace', attribute: 'accountUnlockTime', values: [LOCKED_UNTIL] },
]
