import { first, text, type Entry } from '../../ldap/entry.ts'
import type { AccountState, Condition } from '../account-state.ts'
import { closedElsewhere, closingAttributes, passwordElsewhere } from '../closed-elsewhere.ts'
import type { Windows } from '../settings.ts'
import { failures, lockConditions } from './lock.ts'
import { ageConditions, passwordDates } from './password-age.ts'
import type { PolicyEntry } from './policy.ts'
import { lastSignIn, idleConditions, signInConditions, type Sight } from './sign-ins.ts'
import { validityConditions, validityOf } from './validity.ts'

const DAY_MS = 86_400_000

export const stateAttributes = [
  ...closingAttributes,
  'pwdPolicySubentry',
  'pwdAccountLockedTime',
  'pwdAccountTmpLockoutEnd',
  'pwdStartTime',
  'pwdEndTime',
  'pwdChangedTime',
  'pwdGraceUseTime',
  'pwdReset',
  'pwdFailureTime',
  'pwdLastSuccess',
  'authTimestamp',
  'createTimestamp',
]

/**
 * The account's state as slapd's ppolicy overlay will judge the next bind at `now`. `policy` is null when
 * none is effective: nothing is enforced then.
 */
export function openLdapState(
  entry: Entry,
  policy: PolicyEntry | null,
  { sight, windows, now: instant }: { sight: Sight; windows: Windows; now: Date },
): AccountState {
  // slapd compares whole seconds.
  const now = new Date(Math.floor(instant.getTime() / 1000) * 1000)
  const validity = validityOf(entry)
  const password = passwordDates(entry, policy)
  const lastSignInAt = lastSignIn(entry)
  const byPolicy = (given: PolicyEntry): Condition[] => [
    ...lockConditions(entry, given, now),
    ...(sight.pwdLastSuccess ? idleConditions(entry, given, now) : []),
    ...ageConditions(entry, given, password, { ...windows, now }),
  ]
  const conditions = [
    ...validityConditions(validity, windows.expiringWithin * DAY_MS, now),
    ...(policy === null ? [] : byPolicy(policy)),
    ...closedElsewhere(entry, now),
    ...passwordPlace(entry, sight),
    ...signInConditions(entry, sight, windows.dormantAfter, now),
  ]
  return {
    canSignIn: !conditions.some((condition) => keepsOut(condition, policy !== null)),
    conditions,
    enforced: policy !== null,
    failures: failures(entry, policy, now),
    ...(validity.from && { validFrom: validity.from }),
    ...(validity.until && { validUntil: validity.until }),
    ...(password.changedAt && { passwordChangedAt: password.changedAt }),
    ...(password.expiresAt && { passwordExpiresAt: password.expiresAt }),
    ...(lastSignInAt && { lastSignInAt }),
    ...(policy && {
      policy: { dn: policy.dn, source: first(entry, 'pwdPolicySubentry') ? 'entry' : 'default' },
    }),
  }
}

function keepsOut(condition: Condition, enforced: boolean): boolean {
  switch (condition.kind) {
    case 'locked':
    case 'idle':
      return enforced
    case 'password-expired':
      return condition.graceLeft === 0
    // We keep to these also where the server does not.
    case 'disabled':
    case 'not-started':
    case 'ended':
    case 'closed-elsewhere':
    case 'no-password':
      return true
    case 'must-change':
    case 'password-expiring':
    case 'ending':
    case 'password-elsewhere':
    case 'never-signed-in':
    case 'dormant':
      return false
  }
}

function passwordPlace(entry: Entry, sight: Sight): Condition[] {
  const elsewhere = passwordElsewhere(entry)
  if (elsewhere !== null) return [elsewhere]
  return sight.userPassword && text(entry, 'userPassword').length === 0 ? [{ kind: 'no-password' }] : []
}
