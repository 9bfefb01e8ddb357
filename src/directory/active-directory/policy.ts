import { first, type Entry } from '../../ldap/entry.ts'
import { intervalOf, largeInteger } from './file-time.ts'

/** What the domain, or a Password Settings Object (PSO), rules. Durations in milliseconds. */
export type PolicyEntry = {
  dn: string
  /** Absent: locked until an agent unlocks. */
  lockoutDuration?: number
  /** Absent: passwords do not expire. */
  maxAge?: number
  minLength: number
  /** Three of five kinds of characters, and none of the person's names. */
  complexity: boolean
}

/** PSOs have the same rules as the domain, under names of their own. */
const names = {
  domain: { lockoutDuration: 'lockoutDuration', maxAge: 'maxPwdAge', minLength: 'minPwdLength' },
  pso: {
    lockoutDuration: 'msDS-LockoutDuration',
    maxAge: 'msDS-MaximumPasswordAge',
    minLength: 'msDS-MinimumPasswordLength',
  },
} as const
const PSO_COMPLEXITY = 'msDS-PasswordComplexityEnabled'
/** Bits, of which DOMAIN_PASSWORD_COMPLEX is the first (MS-SAMR, 2.2.3.5). */
const DOMAIN_PROPERTIES = 'pwdProperties'

export const domainAttributes = [...Object.values(names.domain), DOMAIN_PROPERTIES]
export const psoAttributes = [...Object.values(names.pso), PSO_COMPLEXITY]

export function domainPolicy(entry: Entry): PolicyEntry {
  const complexity = (Number(first(entry, DOMAIN_PROPERTIES) ?? 0) & 1) === 1
  return { ...rules(entry, names.domain), complexity }
}

export function psoPolicy(entry: Entry): PolicyEntry {
  return { ...rules(entry, names.pso), complexity: first(entry, PSO_COMPLEXITY) === 'TRUE' }
}

function rules(entry: Entry, by: (typeof names)['domain' | 'pso']): Omit<PolicyEntry, 'complexity'> {
  const interval = (name: string) => intervalOf(largeInteger(first(entry, name)))
  const [lockoutDuration, maxAge] = [interval(by.lockoutDuration), interval(by.maxAge)]
  return {
    dn: entry.dn,
    minLength: Number(first(entry, by.minLength) ?? 0),
    ...(lockoutDuration !== undefined && { lockoutDuration }),
    ...(maxAge !== undefined && { maxAge }),
  }
}
