import { createReplicatedPool, type ReplicatedPool } from '../../../src/ldap/replicated-pool.ts'
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

/** Writes that wait for a connection do so as long as the servers take: how many are under way is the engine's to choose. */
const WAITING = { maxWaiting: 100_000, waitTimeout: 120_000 }
/** Operations in flight on each connection: slapd works on a few at a time, the others fill the pauses. */
const IN_FLIGHT = 16

/**
 * Opens a directory as a side of a task; it is a source and a destination alike. Throws `IncompleteSource` when no server answers or the account is
 * refused, LdapSyntaxError for a filter that is none.
 */
export async function openLdapSide(
  connection: LdapConnection,
  options: LdapSideOptions,
): Promise<Destination> {
  const pool = openPool(connection, options)
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
      apply: (change) => applyChange(side, change),
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
    perConnection: IN_FLIGHT,
    ...WAITING,
    ...connection.pool,
    urls: urlsOf(connection, options),
    primaries: [],
    writeMarks: [],
  })
}
