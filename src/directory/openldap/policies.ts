import { first, type Entry } from '../../ldap/entry.ts'
import { filter } from '../../ldap/filter.ts'
import { normalizeDn, parentDn } from '../../ldap/dn.ts'
import type { Operations } from '../../ldap/operations.ts'
import { policyAttributes, policyOf, type PolicyEntry } from './policy.ts'

/** Policies change a few times a year; half a minute of delay is nothing to an account's state. */
const KEPT_MS = 30_000

export type Policies = {
  /** The policy that slapd applies to the entry, null when there is none. */
  effectiveFor(entry: Entry): Promise<PolicyEntry | null>
  /** Those beside the default one and the default one itself. */
  all(): Promise<PolicyEntry[]>
}

/** Reads pwdPolicy entries, each at most once per half minute. `defaultPolicy` is what slapd's `ppolicy_default` names. */
export function createPolicies(
  pool: Operations,
  defaultPolicy: string | undefined,
  clock: () => number,
): Policies {
  const kept = new Map<string, { policy: Promise<PolicyEntry | null>; until: number }>()

  function policyAt(dn: string): Promise<PolicyEntry | null> {
    const key = normalizeDn(dn)
    const known = kept.get(key)
    if (known !== undefined && known.until > clock()) return known.policy
    const policy = readPolicy(pool, dn)
    kept.set(key, { policy, until: clock() + KEPT_MS })
    // A failed read is not an answer to keep.
    policy.catch(() => kept.delete(key))
    return policy
  }

  return {
    async effectiveFor(entry) {
      const dn = first(entry, 'pwdPolicySubentry') ?? defaultPolicy
      return dn === undefined ? null : policyAt(dn)
    },
    async all() {
      const branch = defaultPolicy === undefined ? undefined : parentDn(defaultPolicy)
      if (branch === undefined) return []
      const found = pool.search({
        base: branch,
        filter: filter`(objectClass=pwdPolicy)`,
        attributes: policyAttributes,
      })
      return (await Array.fromAsync(found)).map(policyOf)
    },
  }
}

async function readPolicy(pool: Operations, dn: string): Promise<PolicyEntry | null> {
  const entry = await pool.read(dn, { filter: filter`(objectClass=pwdPolicy)`, attributes: policyAttributes })
  return entry === undefined ? null : policyOf(entry)
}
