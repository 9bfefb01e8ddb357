import type { Entry } from '../../ldap/entry.ts'
import { filter } from '../../ldap/filter.ts'
import { formatGeneralizedTime } from '../../ldap/generalized-time.ts'
import type { Operations } from '../../ldap/operations.ts'
import { LdapError } from '../../ldap/result.ts'
import type { Directory, Query } from '../directory.ts'
import { directoryProblem, orUnavailable } from '../unavailable.ts'

const SIZE_LIMIT_EXCEEDED = 4
const PAGE = 500

/** The reads of the port, over a pool of connections bound as the service account. */
export function reading(pool: Operations): Pick<Directory, 'find' | 'list' | 'read' | 'changedSince'> {
  return {
    find: ({ limit, ...query }) => orUnavailable(() => find(pool, query, limit)),
    list: (query) => list(pool, query),
    read: (dn, attributes) => orUnavailable(async () => (await pool.read(dn, { attributes })) ?? null),
    changedSince: (query, since) =>
      list(pool, {
        ...query,
        filter: filter`(&${query.filter}(modifyTimestamp>=${formatGeneralizedTime(since)}))`,
      }),
  }
}

async function find(
  pool: Operations,
  query: Query,
  limit: number,
): Promise<{ entries: Entry[]; complete: boolean }> {
  const entries: Entry[] = []
  try {
    for await (const entry of pool.search({ ...query, sizeLimit: limit })) entries.push(entry)
    return { entries, complete: true }
  } catch (error) {
    // Also the server's own limit, which may be lower than ours: the entries sent before it are good.
    if (error instanceof LdapError && error.code === SIZE_LIMIT_EXCEEDED) return { entries, complete: false }
    throw error
  }
}

async function* list(pool: Operations, query: Query): AsyncGenerator<Entry> {
  try {
    yield* pool.search({ ...query, paged: PAGE })
  } catch (error) {
    throw directoryProblem(error)
  }
}
