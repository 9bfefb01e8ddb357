import { attr } from '../ldap/attribute-name.ts'
import { filter } from '../ldap/filter.ts'
import { formatGeneralizedTime } from '../ldap/generalized-time.ts'
import type { Operations } from '../ldap/operations.ts'
import type { Entry } from '../ldap/entry.ts'
import type { Directory, Query } from './directory.ts'
import { directoryProblem, orUnavailable } from './unavailable.ts'

const PAGE = 500

/** The reads of the port, over a pool of connections bound as the service account. */
export function reading(
  pool: Operations,
  changedAttribute: string,
): Pick<Directory, 'find' | 'list' | 'read' | 'changedSince'> {
  return {
    find: ({ limit, ...query }) =>
      orUnavailable(async () => {
        const { entries, outcome } = await pool.searchAll({ ...query, sizeLimit: limit })
        return { entries, complete: outcome.code === 0 }
      }),
    list: (query) => list(pool, query),
    read: (dn, attributes) => orUnavailable(async () => (await pool.read(dn, { attributes })) ?? null),
    changedSince: (query, since) =>
      list(pool, {
        ...query,
        filter: filter`(&${query.filter}(${attr(changedAttribute)}>=${formatGeneralizedTime(since)}))`,
      }),
  }
}

async function* list(pool: Operations, query: Query): AsyncGenerator<Entry> {
  try {
    yield* pool.search({ ...query, paged: PAGE })
  } catch (error) {
    throw directoryProblem(error)
  }
}
