import { filter, type Filter } from '../../ldap/filter.ts'
import { formatGeneralizedTime } from '../../ldap/generalized-time.ts'
import type { StateName } from '../account-state.ts'
import { closedElsewhereFilter } from '../closed-elsewhere.ts'
import { later } from '../entry-time.ts'
import type { Windows } from '../settings.ts'
import { warningSeconds } from './password-age.ts'
import type { KnownPolicy } from './policies.ts'
import type { Sight } from './sign-ins.ts'
import { DISABLED_UNTIL } from './validity.ts'

/** From here on slapd's validity dates may differ from what is written, so that an entry's date must be judged one by one. */
const DIFFERS_FROM = '21000301000000Z'
const DAY = 86_400
const NOBODY = filter`(!(objectClass=*))`

/** What the filter depends on beside the state: the policies that the server has, and what is seen of people. */
export type FilterInputs = { policies: readonly KnownPolicy[]; sight: Sight; windows: Windows; now: Date }

/**
 * Selects on the server at least the entries in that state; each is then confirmed by its own state. No attribute that the server may not know is
 * negated: slapd holds `(!(unknown=*))` for undefined, and so an `&` around it for nobody.
 */
export function openLdapStateFilter(state: StateName, inputs: FilterInputs): Filter {
  const { sight, windows, now } = inputs
  const time = formatGeneralizedTime(now)
  switch (state) {
    case 'locked':
      return filter`(|(pwdAccountLockedTime=*)(pwdAccountTmpLockoutEnd>=${time}))`
    case 'disabled':
      return filter`(pwdStartTime=${DISABLED_UNTIL})`
    case 'not-started':
      // What lies before 1970 wraps into the future.
      return filter`(&(|(pwdStartTime>=${time})(pwdStartTime<=19700101000000Z))(!(pwdStartTime=${DISABLED_UNTIL})))`
    case 'ended':
      return filter`(|(pwdEndTime<=${time})(pwdEndTime>=${DIFFERS_FROM}))`
    case 'ending': {
      const soon = formatGeneralizedTime(later(now, windows.expiringWithin * DAY))
      return filter`(|(&(pwdEndTime>=${time})(pwdEndTime<=${soon}))(pwdEndTime>=${DIFFERS_FROM}))`
    }
    case 'must-change':
      return filter`(pwdReset=TRUE)`
    case 'idle':
    case 'password-expired':
    case 'password-expiring':
      return byPolicy(state, inputs)
    case 'closed-elsewhere':
      return closedElsewhereFilter(now)
    case 'password-elsewhere':
      return filter`(userPassword=*)`
    case 'no-password':
      return sight.userPassword ? filter`(!(userPassword=*))` : NOBODY
    case 'never-signed-in':
      return neverSignedIn(sight)
    case 'dormant': {
      const limit = formatGeneralizedTime(later(now, -windows.dormantAfter * DAY))
      return filter`(|(pwdLastSuccess<=${limit})(authTimestamp<=${limit}))`
    }
  }
}

function neverSignedIn(sight: Sight): Filter {
  const recorded = [
    ...(sight.pwdLastSuccess ? [filter`(!(pwdLastSuccess=*))`] : []),
    ...(sight.authTimestamp ? [filter`(!(authTimestamp=*))`] : []),
  ]
  return recorded.length === 0 ? NOBODY : filter`(&${recorded})`
}

/** What depends on age is asked for each policy by itself, of those who have it. */
function byPolicy(
  state: 'idle' | 'password-expired' | 'password-expiring',
  { policies, sight, windows, now }: FilterInputs,
): Filter {
  const before = (seconds: number) => formatGeneralizedTime(later(now, -seconds))
  const parts = policies.flatMap((policy) => {
    const { maxAge, maxIdle } = policy
    if (state === 'idle') {
      if (maxIdle === 0 || !sight.pwdLastSuccess) return []
      const limit = before(maxIdle)
      return filter`(&${thoseUnder(policy)}(|(pwdLastSuccess<=${limit})(&(!(pwdLastSuccess=*))(pwdChangedTime<=${limit}))))`
    }
    if (maxAge === 0) return []
    const expired = filter`(pwdChangedTime<=${before(maxAge)})`
    if (state === 'password-expired') return filter`(&${thoseUnder(policy)}${expired})`
    const warned = before(maxAge - warningSeconds(policy, windows.expiringWithin))
    return filter`(&${thoseUnder(policy)}(pwdChangedTime>=${before(maxAge)})(pwdChangedTime<=${warned}))`
  })
  return parts.length === 0 ? NOBODY : filter`(|${parts})`
}

function thoseUnder({ dn, isDefault }: KnownPolicy): Filter {
  const named = filter`(pwdPolicySubentry=${dn})`
  return isDefault ? filter`(|${named}(!(pwdPolicySubentry=*)))` : named
}
