import { attr } from '../../ldap/attribute-name.ts'
import { filter, type Filter } from '../../ldap/filter.ts'
import { formatGeneralizedTime } from '../../ldap/generalized-time.ts'
import type { StateName } from '../account-state.ts'
import { closedElsewhereFilter } from '../closed-elsewhere.ts'
import { later } from '../entry-time.ts'
import type { Windows } from '../settings.ts'
import type { Inactivity } from './inactivity.ts'
import type { PolicyEntry } from './policy.ts'
import type { Sight } from './sign-ins.ts'
import { isLimited } from './temporary-password.ts'
import { EPOCH } from './time.ts'

const DAY = 86_400
const NOBODY = filter`(!(objectClass=*))`
const EVERYBODY = filter`(objectClass=*)`

/** What the filter depends on beside the state. `computed`: attributes of which the server's indexes do not know all. */
export type FilterInputs = {
  policies: readonly PolicyEntry[]
  inactivity: Inactivity
  computed: { nsAccountLock: boolean; acctPolicySubentry: boolean }
  sight: Sight
  windows: Windows
  now: Date
}

/** Selects on the server at least the entries in that state; each is then confirmed by its own state. */
export function ds389StateFilter(state: StateName, inputs: FilterInputs): Filter {
  const { policies, computed, sight, windows, now } = inputs
  const time = formatGeneralizedTime(now)
  switch (state) {
    case 'locked':
      return filter`(accountUnlockTime=*)`
    case 'disabled':
      // By a role too: who was put into one has nsRoleDN, and who is in one by a filter has nothing.
      return computed.nsAccountLock ? EVERYBODY : filter`(|(nsAccountLock=true)(nsRoleDN=*))`
    case 'must-change':
      return filter`(passwordExpirationTime=${EPOCH})`
    case 'password-expired':
      return policies.some(isLimited)
        ? filter`(passwordExpirationTime<=${time})`
        : filter`(&(passwordExpirationTime<=${time})(!(passwordExpirationTime=${EPOCH})))`
    case 'password-expiring': {
      const warnings = policies.filter(({ expires }) => expires).map(({ warning }) => warning)
      const soon = later(now, Math.max(windows.expiringWithin * DAY, ...warnings))
      return filter`(&(passwordExpirationTime>=${time})(passwordExpirationTime<=${formatGeneralizedTime(soon)}))`
    }
    case 'idle':
      return idle(inputs)
    case 'closed-elsewhere':
      return closedElsewhereFilter(now)
    case 'no-password':
      return sight.userPassword ? filter`(!(userPassword=*))` : NOBODY
    case 'never-signed-in':
      return sight.lastLoginTime ? filter`(!(lastLoginTime=*))` : NOBODY
    case 'dormant':
      return filter`(lastLoginTime<=${formatGeneralizedTime(later(now, -windows.dormantAfter * DAY))})`
    case 'not-started':
      // A password that somebody else set may have to wait.
      return policies.some(isLimited) ? filter`(passwordExpirationTime=${EPOCH})` : NOBODY
    case 'ended':
    case 'ending':
    case 'password-elsewhere':
      return NOBODY
  }
}

function idle({ inactivity: { limit, lastUse, each }, computed, now }: FilterInputs): Filter {
  if (computed.acctPolicySubentry) return EVERYBODY
  const parts = [filter`(acctPolicySubentry=*)`]
  if (limit !== undefined) {
    const latest = formatGeneralizedTime(later(now, -limit))
    const names = lastUse.map(attr)
    parts.push(
      ...names.map((name, at) => {
        const before = each ? [] : names.slice(0, at).map((earlier) => filter`(!(${earlier}=*))`)
        return filter`(&${[...before, filter`(${name}<=${latest})`]})`
      }),
    )
  }
  return filter`(|${parts})`
}
