import { first } from '../../ldap/entry.ts'
import { filter } from '../../ldap/filter.ts'
import type { Pool } from '../../ldap/pool.ts'
import type { Flavour } from '../flavour.ts'
import { createSeen } from '../seen.ts'
import type { DirectorySettings } from '../settings.ts'
import { orUnavailable } from '../unavailable.ts'
import { acts } from './acts.ts'
import { createIsComputed } from './class-of-service.ts'
import { createInactivities } from './inactivity.ts'
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
  // The time of a change has whole seconds: what we write is compared as well. Not the counters of failures, which each server may have its own of;
  // a replica's first date of a password may be its own too: who has one is waited for in vain, and is never read wrongly.
  writeMarks: ['modifyTimestamp', 'pwdUpdateTime', 'nsAccountLock', 'passwordExpirationTime'],
  changedAttribute: 'modifyTimestamp',
  open(pool, settings) {
    const clock = () => new Date()
    const policies = createPolicies(pool)
    const isComputed = createIsComputed(pool)
    const isReplicated = settings.urls.length + settings.primaries.length > 1
    return {
      ...passwords(pool, policies, clock),
      ...acts({ pool, policies, isComputed, isReplicated, clock }),
      ...states(pool, settings, { policies, isComputed, clock }),
    }
  },
}

type Means = {
  policies: ReturnType<typeof createPolicies>
  isComputed: ReturnType<typeof createIsComputed>
  clock: () => Date
}

function states(
  pool: Pool,
  windows: DirectorySettings,
  { policies, isComputed, clock }: Means,
): Pick<ReturnType<Flavour['open']>, 'accountState' | 'unseenStates' | 'stateFilter'> {
  const inactivities = createInactivities(pool)
  const seen = createSeen(pool, windows, clock)
  return {
    accountState: (entry, now) =>
      orUnavailable(async () => {
        const [policy, inactivity, sight] = await Promise.all([
          policies.effectiveFor(entry),
          inactivities.effectiveFor(entry),
          sightOf(seen),
        ])
        return ds389State(entry, { policy, inactivity, sight, windows, now })
      }),
    unseenStates: () => orUnavailable(async () => unseenStates(await sightOf(seen))),
    stateFilter: (state, now) =>
      orUnavailable(async () => {
        const [all, inactivity, sight, nsAccountLock, acctPolicySubentry] = await Promise.all([
          policies.all(),
          inactivities.plugin(),
          sightOf(seen),
          isComputed('nsAccountLock'),
          isComputed('acctPolicySubentry'),
        ])
        const computed = { nsAccountLock, acctPolicySubentry }
        return ds389StateFilter(state, { policies: all, inactivity, computed, sight, windows, now })
      }),
  }
}
