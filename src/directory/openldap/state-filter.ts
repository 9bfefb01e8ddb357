import { filter, type Filter } from '../../ldap/filter.ts'
import { formatGeneralizedTime } from '../../ldap/generalized-time.ts'
import type { StateName } from '../account-state.ts'
import type { PolicyEntry } from './policy.ts'
import { DISABLED_UNTIL } from './state.ts'

/** From here on slapd's validity dates wrap, so that an entry's date must be judged one by one. */
const WRAPS_AT = '21060207000000Z'

/**
 * Selects on the server at least the entries in that state; each is then confirmed by its own state. `policies` are all that the server knows: age
 * depends on the policy of the entry, so the shortest decides what is fetched.
 */
export function openLdapStateFilter(state: StateName, policies: readonly PolicyEntry[], now: Date): Filter {
  const time = formatGeneralizedTime(now)
  switch (state) {
    case 'locked':
      return filter`(|(pwdAccountLockedTime=*)(pwdAccountTmpLockoutEnd>=${time}))`
    case 'disabled':
      return filter`(pwdStartTime=${DISABLED_UNTIL})`
    case 'not-started':
      return filter`(&(pwdStartTime>=${time})(!(pwdStartTime=${DISABLED_UNTIL})))`
    case 'ended':
      return filter`(|(pwdEndTime<=${time})(pwdEndTime>=${WRAPS_AT}))`
    case 'idle':
      return filter`(|(pwdLastSuccess<=${before(now, shortest(policies, 'maxIdle'))})(pwdChangedTime<=${before(now, shortest(policies, 'maxIdle'))}))`
    case 'password-expired':
      return filter`(pwdChangedTime<=${before(now, shortest(policies, 'maxAge'))})`
    case 'must-change':
      return filter`(pwdReset=TRUE)`
    case 'password-expiring':
    case 'ending':
    case 'no-password':
    case 'never-signed-in':
    case 'dormant':
    case 'password-elsewhere':
    case 'closed-elsewhere':
      // userPassword has no substring match: every hash has to be looked at.
      return filter`(userPassword=*)`
  }
}

/** The shortest limit among the policies that have one; without any, a time that no entry is older than. */
function shortest(policies: readonly PolicyEntry[], limit: 'maxAge' | 'maxIdle'): number {
  const limits = policies.map((policy) => policy[limit]).filter((seconds) => seconds > 0)
  return limits.length === 0 ? Infinity : Math.min(...limits)
}

function before(now: Date, seconds: number): string {
  return formatGeneralizedTime(new Date(seconds === Infinity ? 0 : now.getTime() - seconds * 1000))
}
