import { first } from '../../ldap/entry.ts'
import { filter } from '../../ldap/filter.ts'
import type { Flavour } from '../flavour.ts'
import { createSeen } from '../seen.ts'
import { orUnavailable } from '../unavailable.ts'
import { acts } from './acts.ts'
import { passwords } from './passwords.ts'
import { createPolicies } from './policies.ts'
import { sightOf, unseenStates } from './sign-ins.ts'
import { ds389StateFilter } from './state-filter.ts'
import { ds389State, stateAttributes } from './state.ts'

const ID = 'nsUniqueId'

/** 389 Directory Server (2.3 and later), also as Red Hat sells it. */
export const ds389: Flavour = {
  kind: 'ds389',
  idAttribute: ID,
  idOf(entry) {
    const id = first(entry, ID)
    if (id === undefined)
      throw new TypeError(`${ID} was not asked for, or the service account may not read it`)
    return id
  },
  idFilter: (id) => filter`(nsUniqueId=${id})`,
  stateAttributes,
  // The time of a change has whole seconds: what we write is compared as well.
  writeMarks: [
    'modifyTimestamp',
    'pwdUpdateTime',
    'nsAccountLock',
    'passwordRetryCount',
    'accountUnlockTime',
    'passwordExpirationTime',
  ],
  changedAttribute: 'modifyTimestamp',
  open(pool, settings) {
    const clock = () => new Date()
    const policies = createPolicies(pool)
    const seen = createSeen(pool, settings, clock)
    return {
      ...passwords(pool, policies, clock),
      ...acts(pool, policies, clock),
      accountState: (entry, now) =>
        orUnavailable(async () => {
          const [policy, inactivityLimit, sight] = await Promise.all([
            policies.effectiveFor(entry),
            policies.inactivityLimitOf(entry),
            sightOf(seen),
          ])
          return ds389State(entry, { policy, inactivityLimit, sight, windows: settings, now })
        }),
      unseenStates: () => orUnavailable(async () => unseenStates(await sightOf(seen))),
      stateFilter: (state, now) =>
        orUnavailable(async () =>
          ds389StateFilter(state, { sight: await sightOf(seen), windows: settings, now }),
        ),
    }
  },
}
