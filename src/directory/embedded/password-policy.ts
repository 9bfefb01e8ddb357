import { type Entry, first, text } from '../../ldap/entry.ts'
import { parseGeneralizedTime } from '../../ldap/generalized-time.ts'
import { asSlapdCounts } from '../openldap/validity.ts'
import { readDn, type State } from './state.ts'

/** A pwdPolicy entry (draft-behera-ldap-password-policy). Durations in seconds; 0 is none, as in the draft. */
export type PasswordPolicy = {
  minAge: number
  maxAge: number
  expireWarning: number
  graceLimit: number
  inHistory: number
  /** 0: the values are not looked at, so that neither length nor quality counts. */
  checkQuality: number
  minLength: number
  lockout: boolean
  lockoutDuration: number
  maxFailure: number
  failureCountInterval: number
  mustChange: boolean
  allowUserChange: boolean
  safeModify: boolean
}

/** The policy of an entry: its own, or the default one; undefined when there is none, and then nothing is enforced. */
export function policyOf({ tree, defaultPolicy }: State, entry: Entry): PasswordPolicy | undefined {
  const own = first(entry, 'pwdPolicySubentry')
  const found = tree.find(own === undefined ? defaultPolicy : tree.keyOf(readDn(own)))
  return found && readPolicy(found.entry)
}

function readPolicy(entry: Entry): PasswordPolicy {
  const number = (name: string) => Number(first(entry, name) ?? 0)
  const flag = (name: string, otherwise = false) =>
    (first(entry, name) ?? String(otherwise)).toUpperCase() === 'TRUE'
  return {
    minAge: number('pwdMinAge'),
    maxAge: number('pwdMaxAge'),
    expireWarning: number('pwdExpireWarning'),
    graceLimit: number('pwdGraceAuthNLimit'),
    inHistory: number('pwdInHistory'),
    checkQuality: number('pwdCheckQuality'),
    minLength: number('pwdMinLength'),
    lockout: flag('pwdLockout'),
    lockoutDuration: number('pwdLockoutDuration'),
    maxFailure: number('pwdMaxFailure'),
    failureCountInterval: number('pwdFailureCountInterval'),
    mustChange: flag('pwdMustChange'),
    allowUserChange: flag('pwdAllowUserChange', true),
    safeModify: flag('pwdSafeModify'),
  }
}

const forEver = '000001010000Z'

/** Whether the account is closed now: before its start, at or after its end, or locked. A lock in the future is none. */
export function isClosed(entry: Entry, policy: PasswordPolicy, now: Date): boolean {
  // An end in 9999 lies in the past for slapd. Who tries it here must find what he will meet there.
  const start = asSlapdCounts(timeOf(entry, 'pwdStartTime'))
  const end = asSlapdCounts(timeOf(entry, 'pwdEndTime'))
  if ((start && now < start) || (end && now >= end)) return true
  const value = first(entry, 'pwdAccountLockedTime')
  if (!policy.lockout || value === undefined) return false
  if (value === forEver) return true
  const since = timeOf(entry, 'pwdAccountLockedTime')
  if (!since || since > now) return false
  return policy.lockoutDuration === 0 || secondsBetween(since, now) < policy.lockoutDuration
}

/** The times of the failures that count now. */
export function recentFailures(entry: Entry, policy: PasswordPolicy, now: Date): string[] {
  return text(entry, 'pwdFailureTime').filter((value) => {
    const time = parseGeneralizedTime(value)
    return (
      time && (policy.failureCountInterval === 0 || secondsBetween(time, now) <= policy.failureCountInterval)
    )
  })
}

export function timeOf(entry: Entry, name: string): Date | undefined {
  return parseGeneralizedTime(first(entry, name) ?? '') ?? undefined
}

export function secondsBetween(from: Date, to: Date): number {
  return Math.floor((to.getTime() - from.getTime()) / 1000)
}
