import { first, type Entry } from '../../ldap/entry.ts'

/** What a pwdPolicy entry rules (slapo-ppolicy(5)); durations in seconds, 0: no limit. */
export type PolicyEntry = {
  dn: string
  lockout: boolean
  lockoutDuration: number
  failureCountInterval: number
  maxAge: number
  maxIdle: number
  graceLimit: number
  mustChange: boolean
  safeModify: boolean
}

export const policyAttributes = [
  'pwdLockout',
  'pwdLockoutDuration',
  'pwdFailureCountInterval',
  'pwdMaxAge',
  'pwdMaxIdle',
  'pwdGraceAuthNLimit',
  'pwdMustChange',
  'pwdSafeModify',
]

/** The policy that an entry of class pwdPolicy holds; attributes that are missing are 0 or false, as slapd takes them. */
export function policyOf(entry: Entry): PolicyEntry {
  const seconds = (name: string) => Number(first(entry, name) ?? 0)
  const isTrue = (name: string) => first(entry, name) === 'TRUE'
  return {
    dn: entry.dn,
    lockout: isTrue('pwdLockout'),
    lockoutDuration: seconds('pwdLockoutDuration'),
    failureCountInterval: seconds('pwdFailureCountInterval'),
    maxAge: seconds('pwdMaxAge'),
    maxIdle: seconds('pwdMaxIdle'),
    graceLimit: seconds('pwdGraceAuthNLimit'),
    mustChange: isTrue('pwdMustChange'),
    safeModify: isTrue('pwdSafeModify'),
  }
}
