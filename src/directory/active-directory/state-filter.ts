import { filter, type Filter } from '../../ldap/filter.ts'
import type { StateName } from '../account-state.ts'
import type { Windows } from '../settings.ts'
import { fileTimeOf } from './file-time.ts'
import type { PolicyEntry } from './policy.ts'
import { ACCOUNT_DISABLED, NEVER_EXPIRES, SMARTCARD_REQUIRED } from './user-account-control.ts'

const DAY_MS = 86_400_000
const NOBODY = filter`(!(objectClass=*))`

/** What the filter depends on beside the state. `complete` is false when policies may exist that we do not see. */
export type FilterInputs = {
  policies: readonly PolicyEntry[]
  complete: boolean
  signInsSeen: boolean
  windows: Windows
  now: Date
}

/** Selects on the server at least the entries in that state; each is then confirmed by its own state. Constructed attributes are in no filter. */
export function activeDirectoryStateFilter(state: StateName, inputs: FilterInputs): Filter {
  const { signInsSeen, windows, now } = inputs
  const soon = windows.expiringWithin * DAY_MS
  switch (state) {
    case 'locked':
      return filter`(lockoutTime>=1)`
    case 'disabled':
      return anyBit(ACCOUNT_DISABLED)
    case 'ended':
      return filter`(&(accountExpires>=1)(accountExpires<=${latest(now)}))`
    case 'ending':
      return filter`(&(accountExpires>=${earliest(now)})(accountExpires<=${latest(now, soon)}))`
    case 'must-change':
      return filter`(&(pwdLastSet=0)(!${anyBit(NEVER_EXPIRES)}))`
    case 'password-expired':
      return byAge(inputs, (maxAge) => ['1', latest(now, -maxAge)])
    case 'password-expiring':
      return byAge(inputs, (maxAge) => [earliest(now, -maxAge), latest(now, soon - maxAge)])
    case 'no-password':
      return anyBit(SMARTCARD_REQUIRED)
    case 'never-signed-in':
      return signInsSeen ? filter`(|(!(lastLogonTimestamp=*))(lastLogonTimestamp=0))` : NOBODY
    case 'dormant': {
      const limit = latest(now, -windows.dormantAfter * DAY_MS)
      return filter`(|(&(lastLogonTimestamp>=1)(lastLogonTimestamp<=${limit}))(&(lastLogon>=1)(lastLogon<=${limit})))`
    }
    // What Active Directory does not know.
    case 'not-started':
    case 'idle':
    case 'closed-elsewhere':
    case 'password-elsewhere':
      return NOBODY
  }
}

/** LDAP_MATCHING_RULE_BIT_OR (MS-ADTS, 3.1.1.3.4.4.2). */
function anyBit(bits: number): Filter {
  return filter`(userAccountControl:1.2.840.113556.1.4.804:=${String(bits)})`
}

/** The server keeps time finer than we: of a millisecond, the first tick and the last. */
function earliest(now: Date, offset = 0): string {
  return String(fileTimeOf(new Date(now.getTime() + offset)))
}

function latest(now: Date, offset = 0): string {
  return String(fileTimeOf(new Date(now.getTime() + offset)) + 9_999n)
}

/** Which policy an entry has is constructed, so everyone is asked for as if they had any of them. */
function byAge(
  { policies, complete }: FilterInputs,
  between: (maxAge: number) => readonly [from: string, to: string],
): Filter {
  const those = (ages: Filter) => filter`(&${ages}(!${anyBit(NEVER_EXPIRES)}))`
  if (!complete) return those(filter`(pwdLastSet>=1)`)
  const parts = policies.flatMap(({ maxAge }) => {
    if (maxAge === undefined) return []
    const [from, to] = between(maxAge)
    return filter`(&(pwdLastSet>=${from})(pwdLastSet<=${to}))`
  })
  return parts.length === 0 ? NOBODY : those({ type: 'or', filters: parts })
}
