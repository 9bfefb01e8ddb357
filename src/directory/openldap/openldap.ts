import { first } from '../../ldap/entry.ts'
import { filter } from '../../ldap/filter.ts'
import type { Flavour } from '../flavour.ts'
import { createSeen } from '../seen.ts'
import { orUnavailable } from '../unavailable.ts'
import { acts } from './acts.ts'
import { passwords } from './passwords.ts'
import { createPolicies } from './policies.ts'
import { sightOf, unseenStates } from './sign-ins.ts'
import { openLdapStateFilter } from './state-filter.ts'
import { openLdapState, stateAttributes } from './state.ts'

const ID = 'entryUUID'

/** OpenLDAP with the ppolicy overlay (2.5 and later). */
export const openLdap: Flavour = {
  kind: 'openldap',
  idAttribute: ID,
  idOf(entry) {
    const id = first(entry, ID)
    if (id === undefined)
      throw new TypeError(`${ID} was not asked for, or the service account may not read it`)
    return id
  },
  idFilter: (id) => filter`(entryUUID=${id})`,
  stateAttributes,
  writeMarks: ['entryCSN'],
  changedAttribute: 'modifyTimestamp',
  open(pool, settings) {
    const clock = () => new Date()
    const policies = createPolicies(pool, settings.defaultPolicy, clock)
    const seen = createSeen(pool, settings, clock)
    return {
      ...passwords(pool, policies, clock),
      ...acts(pool, policies, { hasReplicas: settings.primaries.length > 0, clock }),
      accountState: (entry, now) =>
        orUnavailable(async () => {
          const [policy, sight] = await Promise.all([policies.effectiveFor(entry), sightOf(seen)])
          return openLdapState(entry, policy, { sight, windows: settings, now })
        }),
      unseenStates: () => orUnavailable(async () => unseenStates(await sightOf(seen))),
      stateFilter: (state, now) =>
        orUnavailable(async () => {
          const [all, sight] = await Promise.all([policies.all(), sightOf(seen)])
          return openLdapStateFilter(state, { policies: all, sight, windows: settings, now })
        }),
    }
  },
}
