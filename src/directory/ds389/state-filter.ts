import { filter, type Filter } from '../../ldap/filter.ts'
import { formatGeneralizedTime } from '../../ldap/generalized-time.ts'
import type { StateName } from '../account-state.ts'
import { closedElsewhereFilter } from '../closed-elsewhere.ts'
import type { Sight } from './sign-ins.ts'
import type { Windows } from './state.ts'
import { EPOCH, later } from './time.ts'

const DAY = 86_400
const NOBODY = filter`(!(objectClass=*))`
/** The longest that a policy may warn before the end of a password, as far as anybody sets it. */
const LONGEST_WARNING = 90 * DAY

/** Selects on the server at least the entries in that state; each is then confirmed by its own state. */
export function ds389StateFilter(
  state: StateName,
  { sight, windows, now }: { sight: Sight; windows: Windows; now: Date },
): Filter {
  const time = formatGeneralizedTime(now)
  switch (state) {
    case 'locked':
      return filter`(accountUnlockTime=*)`
    case 'disabled':
      // By a role too, of which the server computes the lock: who is in one has nsRoleDN.
      return filter`(|(nsAccountLock=true)(nsRoleDN=*))`
    case 'must-change':
      return filter`(passwordExpirationTime=${EPOCH})`
    case 'password-expired':
      return filter`(&(passwordExpirationTime<=${time})(!(passwordExpirationTime=${EPOCH})))`
    case 'password-expiring': {
      const soon = later(now, Math.max(LONGEST_WARNING, windows.expiringWithin * DAY))
      return filter`(&(passwordExpirationTime>=${time})(passwordExpirationTime<=${formatGeneralizedTime(soon)}))`
    }
    case 'idle':
      return sight.lastLoginTime ? filter`(acctPolicySubentry=*)` : NOBODY
    case 'closed-elsewhere':
      return closedElsewhereFilter(now)
    case 'no-password':
      return sight.userPassword ? filter`(!(userPassword=*))` : NOBODY
    case 'never-signed-in':
      return sight.lastLoginTime ? filter`(!(lastLoginTime=*))` : NOBODY
    case 'dormant':
      return filter`(lastLoginTime<=${formatGeneralizedTime(later(now, -windows.dormantAfter * DAY))})`
    case 'not-started':
    case 'ended':
    case 'ending':
    case 'password-elsewhere':
      return NOBODY
  }
}
