import { createReplicatedPool, type ReplicatedPool } from '../../../src/ldap/replicated-pool.ts'
import { atMost } from '../at-most.ts'
import type { Destination } from '../connector.ts'
import { applyChange } from './apply-change.ts'
import { openFeed } from './feed/open-feed.ts'
import { describeSide } from './describe-side.ts'
import { orIncomplete } from './incomplete.ts'
import { isIndexed } from './indexed-attributes.ts'
import { ldapComparison } from './ldap-comparison.ts'
import type { LdapConnection, LdapSideOptions } from './ldap-side.ts'
import { findRecords, rereadById, rereadByName } from './lookups.ts'
import { readEntries } from './read-entries.ts'

/** What waits for a connection does so as long as the servers take: how many are under way is the engine's to choose. */
const WAITING = { maxWaiting: 100_000, waitTimeout: 120_000 }
/** Shared connections, and operations in flight on each: slapd works on a few at a time, the others fill the pauses. */
const CONNECTIONS = { size: 4, perConnection: 16 }

/**
 * Opens a directory as a side of a task; it is a source and a destination alike. Throws `IncompleteSource` when no server answers or the account is
 * refused, LdapSyntaxError for a filter that is none.
 */
export async function openLdapSide(
  connection: LdapConnection,
  options: LdapSideOptions,
): Promise<Destination> {
  const pool = openPool(connection, options)
  const { size, perConnection } = { ...CONNECTIONS, ...connection.pool }
  // A change that waits its turn here costs less than a request that waits in the pool, with its timer and all its promises.
  const inTurn = atMost(size * perConnection)
  try {
    const side = await orIncomplete(options.base, () => describeSide(pool, connection, options))
    const closing = new AbortController()
    const feed = openFeed(side, { ...connection.pool, urls: urlsOf(connection, options) }, closing.signal)
    return {
      ...(feed && { feed }),
      comparison: ldapComparison(side.rules, side.schema, side.product.kind),
      read: (wanted) => readEntries(side, wanted),
      find: (attribute, values, wanted) => findRecords(side, attribute, values, wanted),
      reread: (ids, attributes) => rereadById(side, ids, attributes),
      rereadNamed: (names, attributes) => rereadByName(side, names, attributes),
      isIndexed: (attribute) => isIndexed(side, attribute),
      apply: (change) => inTurn(() => applyChange(side, change)),
      close: async () => {
        closing.abort()
        await pool.close()
      },
    }
  } catch (error) {
    await pool.close(0)
    throw error
  }
}

/** Whoever decides a write reads where it is written; a source may come from a replica, whose lag only delays what is found. */
function urlsOf({ pool, primaries = [] }: LdapConnection, { role }: LdapSideOptions): readonly string[] {
  const readsReplica = role === 'source' || primaries.length === 0
  return readsReplica ? [...pool.urls, ...primaries.filter((url) => !pool.urls.includes(url))] : primaries
}

function openPool(connection: LdapConnection, options: LdapSideOptions): ReplicatedPool {
  return createReplicatedPool({
    ...CONNECTIONS,
    ...WAITING,
    ...connection.pool,
    urls: urlsOf(connection, options),
    primaries: [],
    writeMarks: [],
  })
}
