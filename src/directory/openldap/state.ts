import { first, text, type Entry } from '../../ldap/entry.ts'
import { parseGeneralizedTime } from '../../ldap/generalized-time.ts'
import type { AccountState, Condition } from '../account-state.ts'
import type { PolicyEntry } from './policy.ts'

/** Locked until an agent unlocks (slapo-ppolicy(5), pwdAccountLockedTime). */
export const LOCKED_FOR_EVER = '000001010000Z'
/**
 * Our "disabled": a start of validity that never comes. HR feeds write pwdEndTime and resets by other tools lift locks; neither touches this.
 * It stays below 2106-02-07, where slapd's dates wrap.
 */
export const DISABLED_UNTIL = '20991231235959Z'

export const stateAttributes = [
  'userPassword',
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
export function openLdapState(entry: Entry, policy: PolicyEntry | null, now: Date): AccountState {
  const password = passwordDates(entry, policy)
  const conditions = [
    ...validity(entry, now),
    ...(policy === null ? [] : [...lock(entry, policy, now), ...idle(entry, policy, now)]),
    ...passwordConditions(entry, policy, password, now),
    ...[foreignHash(entry)].filter((condition) => condition !== null),
  ]
  const lastSignInAt = time(entry, 'pwdLastSuccess') ?? time(entry, 'authTimestamp')
  return {
    canSignIn: !conditions.some((condition) => refusesBind(condition, policy !== null)),
    conditions,
    enforced: policy !== null,
    failures: failures(entry, policy, now),
    ...(password.changedAt && { passwordChangedAt: password.changedAt }),
    ...(password.expiresAt && { passwordExpiresAt: password.expiresAt }),
    ...(lastSignInAt && { lastSignInAt }),
    ...(policy && {
      policy: { dn: policy.dn, source: first(entry, 'pwdPolicySubentry') ? 'entry' : 'default' },
    }),
  }
}

function refusesBind(condition: Condition, enforced: boolean): boolean {
  switch (condition.kind) {
    case 'locked':
    case 'disabled':
    case 'not-started':
    case 'ended':
    case 'idle':
      return enforced
    case 'password-expired':
      return enforced && condition.graceLeft === 0
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

/** slapd enforces both dates even where pwdLockout is FALSE. */
function validity(entry: Entry, now: Date): Condition[] {
  const conditions: Condition[] = []
  if (first(entry, 'pwdStartTime') === DISABLED_UNTIL) conditions.push({ kind: 'disabled' })
  else {
    const from = asSlapdCounts(time(entry, 'pwdStartTime'))
    if (from && now < from) conditions.push({ kind: 'not-started', from })
  }
  const since = asSlapdCounts(time(entry, 'pwdEndTime'))
  if (since && now >= since) conditions.push({ kind: 'ended', since })
  return conditions
}

/**
 * The instant that slapd makes of a validity date: it counts every fourth year as a leap year and keeps 32
 * bits of the seconds, so that an end in 9999 lies in 1970. Right until 2100; seen on 2.5.13 and 2.6.10.
 */
export function asSlapdCounts(date: Date | undefined): Date | undefined {
  if (date === undefined) return undefined
  const year = date.getUTCFullYear()
  // Our calendar leaves out a leap day in 2100, 2200, 2300, not in 2400.
  const centuries = Math.floor(Math.max(0, date.getTime() - Date.UTC(2000, 2, 1)) / 86_400_000 / 36_524.25)
  const leftOut = year < 2100 ? 0 : centuries - Math.floor(centuries / 4)
  const seconds = Math.floor(date.getTime() / 1000) + leftOut * 86_400
  return new Date((((seconds % 2 ** 32) + 2 ** 32) % 2 ** 32) * 1000)
}

function lock(entry: Entry, policy: PolicyEntry, now: Date): Condition[] {
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

function idle(entry: Entry, policy: PolicyEntry, now: Date): Condition[] {
  const lastUse = time(entry, 'pwdLastSuccess') ?? time(entry, 'pwdChangedTime')
  if (!policy.lockout || policy.maxIdle === 0 || lastUse === undefined) return []
  const since = later(lastUse, policy.maxIdle)
  return now > since ? [{ kind: 'idle', since }] : []
}

type PasswordDates = { changedAt?: Date; expiresAt?: Date }

function passwordDates(entry: Entry, policy: PolicyEntry | null): PasswordDates {
  const changedAt = time(entry, 'pwdChangedTime')
  if (changedAt === undefined) return {}
  return policy === null || policy.maxAge === 0
    ? { changedAt }
    : { changedAt, expiresAt: later(changedAt, policy.maxAge) }
}

function passwordConditions(
  entry: Entry,
  policy: PolicyEntry | null,
  { expiresAt }: PasswordDates,
  now: Date,
): Condition[] {
  const conditions: Condition[] = []
  if (policy !== null && expiresAt !== undefined && now >= expiresAt) {
    const graceLeft = Math.max(0, policy.graceLimit - text(entry, 'pwdGraceUseTime').length)
    conditions.push({ kind: 'password-expired', since: expiresAt, graceLeft })
  }
  // pwdReset only bites where the policy has pwdMustChange.
  if (policy?.mustChange === true && first(entry, 'pwdReset') === 'TRUE')
    conditions.push({ kind: 'must-change' })
  return conditions
}

/** `{SCHEME}!hash`: closed by FusionDirectory. `{SASL}user@realm`: the password lives elsewhere. Seen only where we may read userPassword. */
export function foreignHash(
  entry: Entry,
): Extract<Condition, { kind: 'closed-elsewhere' | 'password-elsewhere' }> | null {
  const values = text(entry, 'userPassword')
  if (values.some((value) => /^\{[^}]+\}!/.test(value)))
    return { kind: 'closed-elsewhere', how: 'hash-prefix' }
  const identity = values
    .map((value) => /^\{SASL\}(.*)$/i.exec(value)?.[1])
    .find((found) => found !== undefined)
  return identity === undefined ? null : { kind: 'password-elsewhere', identity }
}

function failures(entry: Entry, policy: PolicyEntry | null, now: Date): Date[] {
  const interval = policy?.failureCountInterval ?? 0
  return text(entry, 'pwdFailureTime')
    .map(parseGeneralizedTime)
    .filter((date) => date !== null)
    .filter((date) => interval === 0 || later(date, interval) > now)
    .toSorted((a, b) => a.getTime() - b.getTime())
}

function time(entry: Entry, name: string): Date | undefined {
  return parseGeneralizedTime(first(entry, name) ?? '') ?? undefined
}

function later(date: Date, seconds: number): Date {
  return new Date(date.getTime() + seconds * 1000)
}
