import { first, type Entry } from '../../ldap/entry.ts'
import { filter } from '../../ldap/filter.ts'
import type { Operations } from '../../ldap/operations.ts'
import { subentriesEverywhere, unlessForbidden } from './everywhere.ts'
import { keeping } from './keeping.ts'
import {
  GLOBAL,
  globalAttributes,
  LOCAL,
  policyAttributes,
  policyOf,
  REPLICATED,
  unseenPolicy,
  type PolicyEntry,
} from './policy.ts'

export type Policies = {
  /** The policy that the server applies to the entry. `pwdPolicySubentry` must have been asked for: the server computes it, also for whole branches. */
  effectiveFor(entry: Entry): Promise<PolicyEntry>
  /** All that the service account may read. */
  all(): Promise<PolicyEntry[]>
  /** Whether the server gives its replicas the locks, which it keeps to itself if nobody says otherwise. */
  replicatesLocks(): Promise<boolean>
}

/** The policies of a server, each read at most once per half minute. */
export function createPolicies(pool: Operations): Policies {
  const read = keeping((dn) =>
    unlessForbidden(
      pool.read(dn, {
        // Entries of policies are hidden (ldapsubentry) from who does not ask for such.
        filter: filter`(|(objectClass=*)(objectClass=ldapsubentry))`,
        attributes: globalAttributes,
      }),
    ),
  )
  const local = keeping(() =>
    subentriesEverywhere(pool, filter`(objectClass=passwordpolicy)`, policyAttributes),
  )
  /** What may not be read is taken to be on. */
  const isOn = async (name: string) => {
    const global = await read(GLOBAL)
    return global === undefined || first(global, name) !== 'off'
  }
  const policyAt = async (dn: string) => {
    const policy = await read(dn)
    return policy === undefined || policy.attributes.size === 0 ? unseenPolicy(dn) : policyOf(policy)
  }
  return {
    async effectiveFor(entry) {
      const own = first(entry, 'pwdPolicySubentry')
      return await policyAt(own !== undefined && (await isOn(LOCAL)) ? own : GLOBAL)
    },
    async all() {
      return [await policyAt(GLOBAL), ...(await local('')).map(policyOf)]
    },
    replicatesLocks: () => isOn(REPLICATED),
  }
}
