import { LRUCache } from 'lru-cache'
import { first, type Entry } from '../../ldap/entry.ts'
import { filter } from '../../ldap/filter.ts'
import type { Operations } from '../../ldap/operations.ts'
import { LdapError } from '../../ldap/result.ts'
import { policyAttributes, policyOf, unseenPolicy, type PolicyEntry } from './policy.ts'

/** Policies change a few times a year; half a minute of delay is nothing to an account's state. */
const KEPT_MS = 30_000
const GLOBAL = 'cn=config'

export type Policies = {
  /** The policy that the server applies to the entry. `pwdPolicySubentry` must have been asked for: the server computes it, also for whole branches. */
  effectiveFor(entry: Entry): Promise<PolicyEntry>
  /** Seconds without a sign-in after which the Account Policy plugin shuts the entry out; 0 for never. */
  inactivityLimitOf(entry: Entry): Promise<number>
}

/** The policies of a server, each read at most once per half minute. */
export function createPolicies(pool: Operations): Policies {
  const kept = new LRUCache<string, Promise<Entry | undefined>>({ max: 10_000, ttl: KEPT_MS })
  const read = (dn: string, attributes: readonly string[]) => {
    const known = kept.get(dn)
    if (known !== undefined) return known
    // Entries of policies are hidden (ldapsubentry) from who does not ask for such.
    const answer = unlessForbidden(
      pool.read(dn, { filter: filter`(|(objectClass=*)(objectClass=ldapsubentry))`, attributes }),
    )
    kept.set(dn, answer)
    // A failed read is not an answer to keep.
    answer.catch(() => kept.delete(dn))
    return answer
  }
  return {
    async effectiveFor(entry) {
      const dn = first(entry, 'pwdPolicySubentry') ?? GLOBAL
      const policy = await read(dn, policyAttributes)
      return policy === undefined || policy.attributes.size === 0 ? unseenPolicy(dn) : policyOf(policy)
    },
    async inactivityLimitOf(entry) {
      const dn = first(entry, 'acctPolicySubentry')
      const policy = dn === undefined ? undefined : await read(dn, ['accountInactivityLimit'])
      return policy === undefined ? 0 : Number(first(policy, 'accountInactivityLimit') ?? 0)
    },
  }
}

async function unlessForbidden(reading: Promise<Entry | undefined>): Promise<Entry | undefined> {
  try {
    return await reading
  } catch (error) {
    if (error instanceof LdapError) return undefined
    throw error
  }
}
