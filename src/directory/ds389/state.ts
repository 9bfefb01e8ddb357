import { first, text, type Entry } from '../../ldap/entry.ts'
import type { AccountState, Condition } from '../account-state.ts'
import { closedElsewhere, closingAttributes } from '../closed-elsewhere.ts'
import { time } from '../entry-time.ts'
import type { Windows } from '../settings.ts'
import { lockConditions } from './lock.ts'
import { ageConditions, expiryOf } from './password-age.ts'
import { GLOBAL, type PolicyEntry } from './policy.ts'
import { idleConditions, type Inactivity } from './inactivity.ts'
import { lastSignIn, signInConditions, type Sight } from './sign-ins.ts'
import { temporaryAttributes, temporaryConditions } from './temporary-password.ts'

export const stateAttributes = [
  ...closingAttributes,
  'nsAccountLock',
  'pwdPolicySubentry',
  'acctPolicySubentry',
  'passwordRetryCount',
  'accountUnlockTime',
  'passwordExpirationTime',
  'passwordGraceUserTime',
  'pwdUpdateTime',
  'lastLoginTime',
  'createTimestamp',
  ...temporaryAttributes,
]

export type Judged = {
  policy: PolicyEntry
  inactivity: Inactivity
  sight: Sight
  windows: Windows
  now: Date
}

/** The account's state as 389-DS will judge the next bind at `now`. */
export function ds389State(entry: Entry, judged: Judged): AccountState {
  const { policy, inactivity, sight, windows } = judged
  // The server compares whole seconds.
  const now = new Date(Math.floor(judged.now.getTime() / 1000) * 1000)
  const conditions: Condition[] = [
    ...lockConditions(entry, policy, now),
    ...disabledConditions(entry),
    ...(isUseSeen(judged) ? idleConditions(entry, inactivity, now) : []),
    ...temporaryConditions(entry, policy, now),
    ...ageConditions(entry, policy, { ...windows, now }),
    ...closedElsewhere(entry, now),
    ...(sight.userPassword && text(entry, 'userPassword').length === 0 ? [NO_PASSWORD] : []),
    ...signInConditions(entry, sight, windows.dormantAfter, now),
  ]
  const [changedAt, expiresAt, lastSignInAt] = [
    time(entry, 'pwdUpdateTime'),
    expiryOf(entry, policy),
    lastSignIn(entry),
  ]
  return {
    canSignIn: !conditions.some(keepsOut),
    conditions,
    enforced: true,
    // The server counts them and keeps no times.
    failures: [],
    ...(changedAt && { passwordChangedAt: changedAt }),
    ...(expiresAt && { passwordExpiresAt: expiresAt }),
    ...(lastSignInAt && { lastSignInAt }),
    policy: { dn: policy.dn, source: policy.dn.toLowerCase() === GLOBAL ? 'default' : 'entry' },
  }
}

/** Without a sight of sign-ins, who has none recorded may have come yesterday. */
function isUseSeen({ sight, inactivity }: Judged): boolean {
  return sight.lastLoginTime || !inactivity.lastUse.includes('lastLoginTime')
}

const NO_PASSWORD: Condition = { kind: 'no-password' }

/** Its own, or by a role that it is in: the server computes the attribute. */
function disabledConditions(entry: Entry): Condition[] {
  return first(entry, 'nsAccountLock')?.toLowerCase() === 'true' ? [{ kind: 'disabled' }] : []
}

function keepsOut(condition: Condition): boolean {
  switch (condition.kind) {
    case 'locked':
    case 'disabled':
    case 'not-started':
    case 'ended':
    case 'idle':
    case 'closed-elsewhere':
    case 'no-password':
      return true
    case 'password-expired':
      return condition.graceLeft === 0
    case 'must-change':
    case 'password-expiring':
    case 'ending':
    case 'password-elsewhere':
    case 'never-signed-in':
    case 'dormant':
      return false
  }
}
