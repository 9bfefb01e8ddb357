import { normalizeDn } from '../../ldap/dn.ts'
import { first, text, type Entry } from '../../ldap/entry.ts'
import { filter } from '../../ldap/filter.ts'
import { isNotForUs } from '../not-for-us.ts'
import type { Operations } from '../../ldap/operations.ts'
import type { PolicyRef } from '../account-state.ts'
import type { Domain } from './domain.ts'
import { domainAttributes, domainPolicy, type PolicyEntry, psoAttributes, psoPolicy } from './policy.ts'

/** Policies change a few times a year; half a minute of delay is nothing to an account's state. */
const KEPT_MS = 30_000

const isPso = filter`(objectClass=msDS-PasswordSettings)`
const isPsoOrContainer = filter`(|(objectClass=msDS-PasswordSettingsContainer)${isPso})`

/** `rules` is null when the service account may not read them: PSOs are for domain administrators unless somebody said otherwise. */
export type Effective = { ref: PolicyRef; rules: PolicyEntry | null }

export type Policies = {
  /** The policy that the domain applies to the entry. `msDS-ResultantPSO` must have been asked for. */
  effectiveFor(entry: Entry): Promise<Effective>
  /** All that the service account may read. `complete` is false when there may be more. */
  all(): Promise<{ policies: PolicyEntry[]; complete: boolean }>
}

/** The domain's own policy, and the PSOs beside it; each is read at most once per half minute. */
export function createPolicies(pool: Operations, domain: () => Promise<Domain>, clock: () => Date): Policies {
  const kept = new Map<string, { answer: Promise<PolicyEntry | null>; until: number }>()
  const keep = (dn: string, answer: Promise<PolicyEntry | null>) => {
    const key = normalizeDn(dn)
    kept.set(key, { answer, until: clock().getTime() + KEPT_MS })
    // A failed read is not an answer to keep.
    answer.catch(() => kept.delete(key))
    return answer
  }
  const known = (dn: string) => {
    const found = kept.get(normalizeDn(dn))
    return found !== undefined && found.until > clock().getTime() ? found.answer : undefined
  }
  return {
    async effectiveFor(entry) {
      const pso = first(entry, 'msDS-ResultantPSO')
      if (pso !== undefined) {
        const rules = await (known(pso) ?? keep(pso, readPso(pool, pso)))
        return { ref: { dn: pso, source: 'entry' }, rules }
      }
      const { dn } = await domain()
      return { ref: { dn, source: 'default' }, rules: await (known(dn) ?? keep(dn, readDomain(pool, dn))) }
    },
    async all() {
      const { dn } = await domain()
      const [own, psos] = await Promise.all([readDomain(pool, dn), readPsos(pool, dn)])
      const policies = [...(own === null ? [] : [own]), ...psos.policies]
      // Who is selected by these policies is judged by the same ones.
      for (const policy of policies) void keep(policy.dn, Promise.resolve(policy))
      return { policies, complete: own !== null && psos.complete }
    },
  }
}

async function readDomain(pool: Operations, dn: string): Promise<PolicyEntry | null> {
  const entry = await pool.read(dn, { attributes: domainAttributes })
  return entry === undefined ? null : domainPolicy(entry)
}

async function readPso(pool: Operations, dn: string): Promise<PolicyEntry | null> {
  const entry = await pool.read(dn, { filter: isPso, attributes: psoAttributes })
  return entry === undefined ? null : psoPolicy(entry)
}

/** Whoever does not see their container cannot say that there are none. */
async function readPsos(
  pool: Operations,
  domain: string,
): Promise<{ policies: PolicyEntry[]; complete: boolean }> {
  const base = `CN=Password Settings Container,CN=System,${domain}`
  const attributes = ['objectClass', ...psoAttributes]
  const policies: PolicyEntry[] = []
  let complete = false
  try {
    for await (const entry of pool.search({ base, filter: isPsoOrContainer, attributes })) {
      if (text(entry, 'objectClass').includes('msDS-PasswordSettings')) policies.push(psoPolicy(entry))
      else complete = true
    }
  } catch (error) {
    // It is hidden, or the domain is older than it.
    if (!isNotForUs(error)) throw error
  }
  return { policies, complete }
}
