import { first, text, type Entry } from '../../ldap/entry.ts'
import type { Condition } from '../account-state.ts'
import { later, time } from '../entry-time.ts'
import type { PolicyEntry } from './policy.ts'

const DAY = 86_400

export type PasswordDates = { changedAt?: Date; expiresAt?: Date }

/** A password of which no change is recorded never expires. */
export function passwordDates(entry: Entry, policy: PolicyEntry | null): PasswordDates {
  const changedAt = time(entry, 'pwdChangedTime')
  if (changedAt === undefined) return {}
  return policy === null || policy.maxAge === 0
    ? { changedAt }
    : { changedAt, expiresAt: later(changedAt, policy.maxAge) }
}

/** `now` in whole seconds, as slapd has it: a password is still good in the second in which it expires. */
export function ageConditions(
  entry: Entry,
  policy: PolicyEntry,
  { expiresAt }: PasswordDates,
  { expiringWithin, now }: { expiringWithin: number; now: Date },
): Condition[] {
  // pwdReset only bites where the policy has pwdMustChange, and then slapd does not look at the age.
  if (policy.mustChange && first(entry, 'pwdReset') === 'TRUE') return [{ kind: 'must-change' }]
  if (expiresAt === undefined) return []
  if (now > expiresAt) {
    return [
      { kind: 'password-expired', since: expiresAt, graceLeft: graceLeft(entry, policy, expiresAt, now) },
    ]
  }
  return later(now, warningSeconds(policy, expiringWithin)) >= expiresAt
    ? [{ kind: 'password-expiring', at: expiresAt }]
    : []
}

/** The server warns at the sign-in, we in lists: from whichever comes first. */
export function warningSeconds(policy: PolicyEntry, expiringWithin: number): number {
  return Math.max(policy.expireWarning, expiringWithin * DAY)
}

function graceLeft(entry: Entry, policy: PolicyEntry, expiresAt: Date, now: Date): number {
  if (policy.graceExpiry > 0 && now > later(expiresAt, policy.graceExpiry)) return 0
  return Math.max(0, policy.graceLimit - text(entry, 'pwdGraceUseTime').length)
}
