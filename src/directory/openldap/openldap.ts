import { first } from '../../ldap/entry.ts'
import { filter } from '../../ldap/filter.ts'
import type { Flavour } from '../flavour.ts'
import { orUnavailable } from '../unavailable.ts'
import { acts } from './acts.ts'
import { passwords } from './passwords.ts'
import { createPolicies } from './policies.ts'
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
    const policies = createPolicies(pool, settings.defaultPolicy, () => performance.now())
    return {
      ...passwords(pool, policies),
      ...acts(pool, policies),
      accountState: (entry, now) =>
        orUnavailable(async () => openLdapState(entry, await policies.effectiveFor(entry), now)),
      stateFilter: (state, now) =>
        orUnavailable(async () => openLdapStateFilter(state, await policies.all(), now)),
      requireChange: () => Promise.resolve('not-supported'),
      setValidity: () => Promise.resolve('not-supported'),
      passwordRules: () => Promise.resolve({ length: 0, capitals: 0, small: 0, digits: 0, signs: 0 }),
    }
  },
}
