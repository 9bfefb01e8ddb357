import { attr } from '../ldap/attribute-name.ts'
import { filter } from '../ldap/filter.ts'
import { formatGeneralizedTime } from '../ldap/generalized-time.ts'
import type { Operations } from '../ldap/operations.ts'
import type { Entry } from '../ldap/entry.ts'
import type { Directory, Query } from './directory.ts'
import type { Flavour } from './flavour.ts'
import { resultCode } from '../ldap/result-code.ts'
import { LdapError } from '../ldap/result.ts'
import { directoryProblem, orUnavailable } from './unavailable.ts'

/**
 * Entries of a page. slapd looks for its candidates anew for each: with pages of 500 a report over 100,000 people takes twice as long. The others are for
 * servers that allow the service account fewer (slapd: `size.pr`).
 */
const PAGES = [2_000, 500, 100, 20] as const

type How = Pick<Flavour, 'changedAttribute' | 'timeInFilter'>

/** The reads of the port, over a pool of connections bound as the service account. */
export function reading(
  pool: Operations,
  { changedAttribute, timeInFilter = formatGeneralizedTime }: How,
): Pick<Directory, 'find' | 'list' | 'read' | 'changedSince'> {
  const list = lister(pool)
  return {
    find: ({ limit, ...query }) =>
      orUnavailable(async () => {
        const { entries, outcome } = await pool.searchAll({ ...query, sizeLimit: limit })
        // Samba does not keep to the limit.
        return { entries: entries.slice(0, limit), complete: outcome.code === 0 && entries.length <= limit }
      }),
    list,
    read: (dn, attributes) => orUnavailable(async () => (await pool.read(dn, { attributes })) ?? null),
    changedSince: (query, since) =>
      list({
        ...query,
        filter: filter`(&${query.filter}(${attr(changedAttribute)}>=${timeInFilter(since)}))`,
      }),
  }
}

/** Remembers the largest page that the server gave. */
function lister(pool: Operations): (query: Query) => AsyncGenerator<Entry> {
  let sizes: readonly number[] = PAGES
  return async function* list(query) {
    for (;;) {
      const [size, ...smaller] = sizes
      let isStarted = false
      try {
        for await (const entry of pool.search({ ...query, ...(size !== undefined && { paged: size }) })) {
          isStarted = true
          yield entry
        }
        return
      } catch (error) {
        const isTooLarge = error instanceof LdapError && error.code === resultCode.adminLimitExceeded
        if (!isTooLarge || isStarted || smaller.length === 0) throw directoryProblem(error)
        sizes = smaller
      }
    }
  }
}
