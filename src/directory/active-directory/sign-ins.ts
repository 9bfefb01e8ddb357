import { first, type Entry } from '../../ldap/entry.ts'
import { parseGeneralizedTime } from '../../ldap/generalized-time.ts'
import type { Condition } from '../account-state.ts'
import { dateOf, largeInteger } from './file-time.ts'

const DAY_MS = 86_400_000

/**
 * The later of what this controller saw itself (lastLogon, not replicated, and on Samba not always written) and what all of them know, up to
 * 14 days late (lastLogonTimestamp).
 */
export function lastSignIn(entry: Entry): Date | undefined {
  return ['lastLogon', 'lastLogonTimestamp']
    .map((name) => dateOf(largeInteger(first(entry, name))))
    .filter((date) => date !== undefined)
    .toSorted((a, b) => a.getTime() - b.getTime())
    .at(-1)
}

/** `seen`: whether the service account sees sign-ins at all. */
export function signInConditions(
  entry: Entry,
  seen: boolean,
  { dormantAfter, now }: { dormantAfter: number; now: Date },
): Condition[] {
  const since = lastSignIn(entry)
  if (since !== undefined) {
    return now.getTime() - since.getTime() > dormantAfter * DAY_MS ? [{ kind: 'dormant', since }] : []
  }
  if (!seen) return []
  const created = parseGeneralizedTime(first(entry, 'whenCreated') ?? '')
  return [{ kind: 'never-signed-in', ...(created && { since: created }) }]
}
