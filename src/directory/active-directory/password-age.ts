import { first, type Entry } from '../../ldap/entry.ts'
import type { Condition } from '../account-state.ts'
import { dateOf, largeInteger } from './file-time.ts'
import type { PolicyEntry } from './policy.ts'
import { has, NEVER_EXPIRES } from './user-account-control.ts'

const DAY_MS = 86_400_000

export type PasswordDates = { changedAt?: Date; expiresAt?: Date }

/** The end is what the server computes. Our own arithmetic only where it is not told: Samba takes an age of less than a day for none. */
export function passwordDates(entry: Entry, rules: PolicyEntry | null): PasswordDates {
  const changedAt = dateOf(largeInteger(first(entry, 'pwdLastSet')))
  const computed = largeInteger(first(entry, 'msDS-UserPasswordExpiryTimeComputed'))
  const expiresAt = computed === undefined ? endOf(entry, changedAt, rules?.maxAge) : dateOf(computed)
  return { ...(changedAt && { changedAt }), ...(expiresAt && { expiresAt }) }
}

function endOf(entry: Entry, changedAt: Date | undefined, maxAge: number | undefined): Date | undefined {
  if (changedAt === undefined || maxAge === undefined || has(entry, NEVER_EXPIRES)) return undefined
  return new Date(changedAt.getTime() + maxAge)
}

/** Active Directory gives no sign-ins with an expired password. */
export function ageConditions(
  entry: Entry,
  { expiresAt }: PasswordDates,
  { expiringWithin, now }: { expiringWithin: number; now: Date },
): Condition[] {
  if (mustChange(entry)) return [{ kind: 'must-change' }]
  if (expiresAt === undefined) return []
  if (now >= expiresAt) return [{ kind: 'password-expired', since: expiresAt, graceLeft: 0 }]
  return expiresAt.getTime() - now.getTime() <= expiringWithin * DAY_MS
    ? [{ kind: 'password-expiring', at: expiresAt }]
    : []
}

/** Whoever's password never expires is not asked to change it either. */
export function mustChange(entry: Entry): boolean {
  return first(entry, 'pwdLastSet') === '0' && !has(entry, NEVER_EXPIRES)
}
