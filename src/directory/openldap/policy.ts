import { first, type Entry } from '../../ldap/entry.ts'

/** What a pwdPolicy entry rules (slapo-ppolicy(5)); durations in seconds, 0: no limit. */
export type PolicyEntry = {
  dn: string
  lockout: boolean
  lockoutDuration: number
  failureCountInterval: number
  maxAge: number
  maxIdle: number
  expireWarning: number
  graceLimit: number
  graceExpiry: number
  mustChange: boolean
  allowUserChange: boolean
  checkQuality: boolean
  minLength: number
}

export const policyAttributes = [
  'pwdLockout',
  'pwdLockoutDuration',
  'pwdFailureCountInterval',
  'pwdMaxAge',
  'pwdMaxIdle',
  'pwdExpireWarning',
  'pwdGraceAuthNLimit',
  'pwdGraceExpiry',
  'pwdMustChange',
  'pwdAllowUserChange',
  'pwdCheckQuality',
  'pwdMinLength',
]

/** The policy that an entry of class pwdPolicy holds; attributes that are missing are as slapd takes them. */
export function policyOf(entry: Entry): PolicyEntry {
  const number = (name: string) => Number(first(entry, name) ?? 0)
  const isTrue = (name: string) => first(entry, name) === 'TRUE'
  return {
    dn: entry.dn,
    lockout: isTrue('pwdLockout'),
    lockoutDuration: number('pwdLockoutDuration'),
    failureCountInterval: number('pwdFailureCountInterval'),
    maxAge: number('pwdMaxAge'),
    maxIdle: number('pwdMaxIdle'),
    expireWarning: number('pwdExpireWarning'),
    graceLimit: number('pwdGraceAuthNLimit'),
    graceExpiry: number('pwdGraceExpiry'),
    mustChange: isTrue('pwdMustChange'),
    allowUserChange: first(entry, 'pwdAllowUserChange') !== 'FALSE',
    checkQuality: number('pwdCheckQuality') > 0,
    minLength: number('pwdMinLength'),
  }
}
