import type { UseName } from '../config/tenant-schema.ts'
import { isWithin, normalizeDn, rdnOf } from '../ldap/dn.ts'
import { filter, type Filter } from '../ldap/filter.ts'
import type { Tenant } from '../tenants/tenant.ts'
import type { Asked, Found } from './find-entry.ts'

/** Entries in different branches may share an RDN: so many of each are looked at. */
const SAME_RDN = 4

/**
 * The entries at these DNs that are in the use's branches, keyed by normalised DN: managers, members of a group. One search for each branch, by the
 * values of the RDNs (indexed on every server) and checked by DN, instead of one read for each DN.
 */
export async function readByDn(
  tenant: Tenant,
  use: UseName,
  dns: readonly string[],
  asked: Asked,
): Promise<Map<string, Found>> {
  const found = new Map<string, Found>()
  const wanted = new Set(dns.map((dn) => normalizeDn(dn)))
  await Promise.all(
    tenant.uses[use].map(async (branch) => {
      const { directory, base } = branch
      const filters = dns.filter((dn) => isWithin(dn, base)).map(rdnFilter)
      if (filters.length === 0) return
      const named: Filter = { type: 'or', filters }
      const query = { base, filter: filter`(&${branch.filter}${named})`, attributes: asked(directory) }
      for (const entry of (await directory.find({ ...query, limit: filters.length * SAME_RDN })).entries) {
        const key = normalizeDn(entry.dn)
        if (wanted.has(key)) found.set(key, { branch, entry })
      }
    }),
  )
  return found
}

function rdnFilter(dn: string): Filter {
  return {
    type: 'and',
    filters: rdnOf(dn).map(({ attribute, value }) => ({ type: 'equal', attribute, value })),
  }
}
