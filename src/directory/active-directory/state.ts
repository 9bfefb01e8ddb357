import type { Entry } from '../../ldap/entry.ts'
import type { AccountState, Condition } from '../account-state.ts'
import type { Windows } from '../settings.ts'
import { lockConditions } from './lock.ts'
import { ageConditions, passwordDates } from './password-age.ts'
import type { Effective } from './policies.ts'
import { lastSignIn, signInConditions } from './sign-ins.ts'
import { ACCOUNT_DISABLED, has, SMARTCARD_REQUIRED } from './user-account-control.ts'
import { validityConditions, validUntil } from './validity.ts'

const DAY_MS = 86_400_000

/** The constructed ones come in any search, but only by name. */
export const stateAttributes = [
  'userAccountControl',
  'msDS-User-Account-Control-Computed',
  'lockoutTime',
  'accountExpires',
  'pwdLastSet',
  'msDS-UserPasswordExpiryTimeComputed',
  'msDS-ResultantPSO',
  'lastLogon',
  'lastLogonTimestamp',
  'whenCreated',
]

/** The account's state as a domain controller will judge the next bind at `now`. `signInsSeen`: whether the service account sees them of people. */
export function activeDirectoryState(
  entry: Entry,
  { ref, rules }: Effective,
  { signInsSeen, windows, now }: { signInsSeen: boolean; windows: Windows; now: Date },
): AccountState {
  const until = validUntil(entry)
  const password = passwordDates(entry, rules)
  const lastSignInAt = lastSignIn(entry)
  const conditions: Condition[] = [
    ...lockConditions(entry, rules, now),
    ...(has(entry, ACCOUNT_DISABLED) ? [{ kind: 'disabled' as const }] : []),
    ...validityConditions(until, windows.expiringWithin * DAY_MS, now),
    ...ageConditions(entry, password, { ...windows, now }),
    // The controller gave the account a password that nobody knows.
    ...(has(entry, SMARTCARD_REQUIRED) ? [{ kind: 'no-password' as const }] : []),
    ...signInConditions(entry, signInsSeen, { ...windows, now }),
  ]
  return {
    canSignIn: !conditions.some(({ kind }) => keepsOut.has(kind)),
    conditions,
    enforced: true,
    // They are counted without their times.
    failures: [],
    ...(until && { validUntil: until }),
    ...(password.changedAt && { passwordChangedAt: password.changedAt }),
    ...(password.expiresAt && { passwordExpiresAt: password.expiresAt }),
    ...(lastSignInAt && { lastSignInAt }),
    policy: ref,
  }
}

/** Who must change a password is refused by the controller, and let in by us to do so once it is proven. */
const keepsOut: ReadonlySet<Condition['kind']> = new Set([
  'locked',
  'disabled',
  'ended',
  'password-expired',
  'no-password',
])
