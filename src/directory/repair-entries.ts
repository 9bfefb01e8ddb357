import { toDn, type Dn } from '../ldap/dn.ts'
import type { Entry } from '../ldap/entry.ts'
import type { Filter } from '../ldap/filter.ts'
import type { Operations } from '../ldap/operations.ts'
import { resultCode } from '../ldap/result-code.ts'
import { LdapError } from '../ldap/result.ts'
import type { Change } from '../ldap/update-message.ts'
import type { Repaired } from './directory.ts'
import { isNotForUs } from './not-for-us.ts'

const PAGE = 500
/** The server's own repair may come between our look and our write. */
const TRIES = 4

export const nothingToRepair: Repaired = { repaired: [], failed: [], unsearched: [] }

/** How an entry that holds an old name gets the new one: `attributes` to read, and the changes, none when there is nothing to do. */
type Repair = { attributes: readonly string[]; changesOf: (entry: Entry) => Change[] }

/**
 * Repairs every entry that one of the filters selects. Never throws, for the name is new already: what could not be searched or written is in the
 * answer, and doing it again is no harm.
 */
export async function repairEntries(
  pool: Operations,
  { contexts, filters, ...repair }: { contexts: readonly string[]; filters: readonly Filter[] } & Repair,
): Promise<Repaired> {
  const { found, unsearched } = await search(pool, contexts, filters)
  const [repaired, failed]: [Dn[], Dn[]] = [[], []]
  let done: Done = 'nothing'
  for (const dn of found) {
    // A server that is down costs its time-out once.
    if (done !== 'down') done = await repairEntry(pool, dn, repair)
    if (done !== 'nothing') (done === 'repaired' ? repaired : failed).push(dn)
  }
  return { repaired, failed, unsearched }
}

/** A naming context that the service account may not look into has nothing that it could repair. */
async function search(
  pool: Operations,
  contexts: readonly string[],
  filters: readonly Filter[],
): Promise<{ found: Set<Dn>; unsearched: string[] }> {
  const found = new Set<Dn>()
  const unsearched: string[] = []
  for (const base of contexts) {
    try {
      for (const filter of filters)
        for await (const { dn } of pool.search({ base, filter, attributes: ['1.1'], paged: PAGE }))
          found.add(toDn(dn))
    } catch (error) {
      if (!isNotForUs(error)) unsearched.push(base)
    }
  }
  return { found, unsearched }
}

type Done = 'repaired' | 'nothing' | 'failed' | 'down'

/** One modify: a group must not be without its last member in between. */
async function repairEntry(pool: Operations, dn: Dn, { attributes, changesOf }: Repair): Promise<Done> {
  for (let tries = 0; tries < TRIES; tries++) {
    try {
      const entry = await pool.read(dn, { attributes })
      const changes = entry === undefined ? [] : changesOf(entry)
      if (changes.length === 0) return 'nothing'
      await pool.modify(dn, changes)
      return 'repaired'
    } catch (error) {
      if (!(error instanceof LdapError)) return 'down'
      if (error.code !== resultCode.noSuchAttribute && error.code !== resultCode.attributeOrValueExists)
        return 'failed'
    }
  }
  return 'failed'
}
