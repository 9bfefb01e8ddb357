import { first, type Entry } from '../../ldap/entry.ts'

/** Where the policy for everyone is. */
export const GLOBAL = 'cn=config'

/** What a password policy rules (389-DS: cn=config for everyone, entries of class passwordpolicy for some); durations in seconds, 0: no limit. */
export type PolicyEntry = {
  dn: string
  lockout: boolean
  maxFailure: number
  /** False: who is locked stays so until somebody unlocks. */
  unlocks: boolean
  mustChange: boolean
  expires: boolean
  maxAge: number
  warning: number
  graceLimit: number
  /** Whether people may change their own password. */
  allowUserChange: boolean
  /** Limits of a password that somebody else set; `uses`: Infinity for no limit. */
  temporary: { uses: number; waits: boolean; ends: boolean }
  /** Fewest characters, in all and of each kind; all 0 where the server does not look at them. */
  minimum: { length: number; capitals: number; small: number; digits: number; signs: number }
}

export const policyAttributes = [
  'passwordLockout',
  'passwordMaxFailure',
  'passwordUnlock',
  'passwordMustChange',
  'passwordExp',
  'passwordMaxAge',
  'passwordWarning',
  'passwordGraceLimit',
  'passwordChange',
  'passwordTPRMaxUse',
  'passwordTPRDelayValidFrom',
  'passwordTPRDelayExpireAt',
  'passwordCheckSyntax',
  'passwordMinLength',
  'passwordMinAlphas',
  'passwordMinUppers',
  'passwordMinLowers',
  'passwordMinDigits',
  'passwordMinSpecials',
]

/** Of cn=config only: whether policies of entries and branches count at all, and whether replicas are given counts of failures and locks. */
export const LOCAL = 'nsslapd-pwpolicy-local'
export const REPLICATED = 'passwordIsGlobalPolicy'

/** What is read of cn=config. */
export const globalAttributes = [...policyAttributes, LOCAL, REPLICATED]

/** The policy that an entry holds; what is missing is as the server has it without saying. */
export function policyOf(entry: Entry): PolicyEntry {
  const number = (name: string, usual = 0) => Number(first(entry, name) ?? usual)
  const isOn = (name: string, usual = 'off') => (first(entry, name) ?? usual).toLowerCase() === 'on'
  const looked = (name: string, usual = 0) => (isOn('passwordCheckSyntax') ? number(name, usual) : 0)
  const capitals = looked('passwordMinUppers')
  return {
    dn: entry.dn,
    lockout: isOn('passwordLockout'),
    maxFailure: number('passwordMaxFailure', 3),
    unlocks: isOn('passwordUnlock', 'on'),
    mustChange: isOn('passwordMustChange'),
    expires: isOn('passwordExp'),
    maxAge: number('passwordMaxAge', 8_640_000),
    warning: number('passwordWarning', 86_400),
    graceLimit: number('passwordGraceLimit'),
    allowUserChange: isOn('passwordChange', 'on'),
    // -1: no limit.
    temporary: {
      uses: number('passwordTPRMaxUse', -1) < 0 ? Infinity : number('passwordTPRMaxUse'),
      waits: number('passwordTPRDelayValidFrom', -1) >= 0,
      ends: number('passwordTPRDelayExpireAt', -1) >= 0,
    },
    minimum: {
      length: looked('passwordMinLength', 8),
      capitals,
      small: Math.max(looked('passwordMinLowers'), looked('passwordMinAlphas') - capitals),
      digits: looked('passwordMinDigits'),
      signs: looked('passwordMinSpecials'),
    },
  }
}

/**
 * What is taken for the policy where the service account may not read it: every rule is on. What an entry says of locks and ages then counts, for some
 * policy has written it there.
 */
export function unseenPolicy(dn: string): PolicyEntry {
  return {
    dn,
    lockout: true,
    maxFailure: 1,
    unlocks: true,
    mustChange: true,
    expires: true,
    maxAge: 0,
    warning: 0,
    graceLimit: 0,
    allowUserChange: true,
    temporary: { uses: Infinity, waits: true, ends: true },
    minimum: { length: 0, capitals: 0, small: 0, digits: 0, signs: 0 },
  }
}
