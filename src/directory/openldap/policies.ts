import { normalizeDn } from '../../ldap/dn.ts'
import { first, type Entry } from '../../ldap/entry.ts'
import { filter } from '../../ldap/filter.ts'
import type { Operations } from '../../ldap/operations.ts'
import { isNotForUs } from '../not-for-us.ts'
import { namingContexts } from '../naming-contexts.ts'
import { policyAttributes, policyOf, type PolicyEntry } from './policy.ts'

/** Policies change a few times a year; half a minute of delay is nothing to an account's state. */
const KEPT_MS = 30_000

const isPolicy = filter`(objectClass=pwdPolicy)`

/** A policy and whether it is the one for entries that name none. */
export type KnownPolicy = PolicyEntry & { isDefault: boolean }

export type Policies = {
  /** The policy that slapd applies to the entry, null when there is none. `pwdPolicySubentry` must have been asked for. */
  effectiveFor(entry: Entry): Promise<PolicyEntry | null>
  /** All that the server holds and the service account may read. */
  all(): Promise<KnownPolicy[]>
}

/** The policies of a server; that of an entry is read at most once per half minute. `defaultPolicy` is what slapd's `ppolicy_default` names. */
export function createPolicies(
  pool: Operations,
  defaultPolicy: string | undefined,
  clock: () => Date,
): Policies {
  const kept = new Map<string, { answer: Promise<PolicyEntry | null>; until: number }>()
  const keep = (key: string, answer: Promise<PolicyEntry | null>) => {
    kept.set(key, { answer, until: clock().getTime() + KEPT_MS })
    // A failed read is not an answer to keep.
    answer.catch(() => kept.delete(key))
    return answer
  }
  return {
    async effectiveFor(entry) {
      const dn = first(entry, 'pwdPolicySubentry') ?? defaultPolicy
      if (dn === undefined) return null
      const key = normalizeDn(dn)
      const known = kept.get(key)
      return known !== undefined && known.until > clock().getTime()
        ? known.answer
        : keep(key, readPolicy(pool, dn))
    },
    async all() {
      const policies = await readAll(pool, defaultPolicy)
      // Who is selected by these policies is judged by the same ones.
      for (const policy of policies) void keep(normalizeDn(policy.dn), Promise.resolve(policy))
      return policies
    },
  }
}

async function readPolicy(pool: Operations, dn: string): Promise<PolicyEntry | null> {
  const entry = await pool.read(dn, { filter: isPolicy, attributes: policyAttributes })
  return entry === undefined ? null : policyOf(entry)
}

/** Entries may name a policy anywhere, so all suffixes are searched. */
async function readAll(pool: Operations, defaultPolicy: string | undefined): Promise<KnownPolicy[]> {
  const key = defaultPolicy === undefined ? undefined : normalizeDn(defaultPolicy)
  const known: KnownPolicy[] = []
  for (const base of await namingContexts(pool)) {
    try {
      for await (const entry of pool.search({ base, filter: isPolicy, attributes: policyAttributes })) {
        known.push({ ...policyOf(entry), isDefault: normalizeDn(entry.dn) === key })
      }
    } catch (error) {
      // Not all suffixes are for the service account.
      if (!isNotForUs(error)) throw error
    }
  }
  return known
}
