import { bytes } from '../../ldap/entry.ts'
import { filter } from '../../ldap/filter.ts'
import { formatGeneralizedTime } from '../../ldap/generalized-time.ts'
import type { Flavour } from '../flavour.ts'
import { createSeen } from '../seen.ts'
import { orUnavailable } from '../unavailable.ts'
import { acts } from './acts.ts'
import { createDomain } from './domain.ts'
import { guidBytes, guidText } from './object-guid.ts'
import { passwords } from './passwords.ts'
import { createPolicies } from './policies.ts'
import { activeDirectoryStateFilter } from './state-filter.ts'
import { activeDirectoryState, stateAttributes } from './state.ts'

const ID = 'objectGUID'

/** Active Directory (2008 R2 and later), and Samba as its domain controller. Passwords are written over encrypted connections only. */
export const activeDirectory: Flavour = {
  kind: 'active-directory',
  idAttribute: ID,
  idOf(entry) {
    const [id] = bytes(entry, ID)
    if (id === undefined)
      throw new TypeError(`${ID} was not asked for, or the service account may not read it`)
    return guidText(id)
  },
  idFilter(id) {
    const value = guidBytes(id)
    return value === undefined ? filter`(!(objectClass=*))` : filter`(objectGUID=${value})`
  },
  stateAttributes,
  // The rest of the state is computed, or each controller's own.
  writeMarks: ['userAccountControl', 'lockoutTime', 'pwdLastSet', 'accountExpires'],
  changedAttribute: 'whenChanged',
  // The form in which it shows them itself, and all that Microsoft documents.
  timeInFilter: (time) => formatGeneralizedTime(time).replace('Z', '.0Z'),
  // Computers are users to Active Directory.
  notPeople: filter`(objectClass=computer)`,
  open(pool, settings) {
    const clock = () => new Date()
    const domain = createDomain(pool, clock)
    const policies = createPolicies(pool, domain, clock)
    const seen = createSeen(pool, settings, clock)
    return {
      ...passwords(pool, domain, policies),
      ...acts(pool),
      accountState: (entry, now) =>
        orUnavailable(async () => {
          const [policy, signInsSeen] = await Promise.all([
            policies.effectiveFor(entry),
            seen('lastLogonTimestamp'),
          ])
          return activeDirectoryState(entry, policy, { signInsSeen, windows: settings, now })
        }),
      unseenStates: () =>
        orUnavailable(async () => ((await seen('lastLogonTimestamp')) ? [] : ['never-signed-in', 'dormant'])),
      stateFilter: (state, now) =>
        orUnavailable(async () => {
          const [all, signInsSeen] = await Promise.all([policies.all(), seen('lastLogonTimestamp')])
          return activeDirectoryStateFilter(state, { ...all, signInsSeen, windows: settings, now })
        }),
    }
  },
}
