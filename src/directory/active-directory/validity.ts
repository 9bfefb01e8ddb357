import { first, type Entry } from '../../ldap/entry.ts'
import type { Condition } from '../account-state.ts'
import { dateOf, largeInteger } from './file-time.ts'

/** The first instant at which nobody gets in any more; undefined for never (0, 2^63-1). A start there is not. */
export function validUntil(entry: Entry): Date | undefined {
  return dateOf(largeInteger(first(entry, 'accountExpires')))
}

/** `soon`: milliseconds within which an end is announced. */
export function validityConditions(until: Date | undefined, soon: number, now: Date): Condition[] {
  if (until === undefined) return []
  if (now >= until) return [{ kind: 'ended', since: until }]
  return until.getTime() - now.getTime() <= soon ? [{ kind: 'ending', at: until }] : []
}
