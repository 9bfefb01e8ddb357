import type { Connection } from '../../../../src/ldap/connection.ts'
import { persistentSearch, readEntryChange } from '../../../../src/ldap/controls/persistent-search.ts'
import { first } from '../../../../src/ldap/entry.ts'
import { filter } from '../../../../src/ldap/filter.ts'
import { parseGeneralizedTime } from '../../../../src/ldap/generalized-time.ts'
import { IncompleteSource } from '../../connector.ts'
import type { LdapSide } from '../ldap-side.ts'
import { allEntries } from '../read-entries.ts'
import { namingContextOf } from '../server-facts.ts'
import type { ChangeLog, Changes } from './change-log.ts'

/** Milliseconds: a search that waits for changes has no end. */
const FOR_EVER = 2_000_000_000
/** Milliseconds that a server which is asked for a sign of life may take. */
const PATIENCE = 5_000
/** Milliseconds: what another server has written comes late, with the time at which it was written there. */
const LATE = 600_000

/**
 * Changes of a 389 Directory Server, without any plugin: by persistent search while connected. Of the time before, what is there is listed: what is newer than
 * the place has changed, what is missing is gone. (Its Content Synchronization plugin, of 2.3.1, never says refreshDeletes: by RFC 4533 everything that has not
 * changed would be gone.)
 */
export function openPersistentLog(side: LdapSide, connection: Connection, follow: boolean): ChangeLog {
  const watch = follow ? watchChanges(side, connection) : undefined
  let isCaughtUp = false
  return {
    way: 'persistent',
    tellsDeletes: true,
    now() {
      isCaughtUp = true
      return timeOf(connection)
    },
    async since(place) {
      const now = await timeOf(connection)
      if (isCaughtUp && watch !== undefined) return { ...watch.take(), place: now }
      const from = parseGeneralizedTime(place)?.getTime()
      if (from === undefined) return undefined
      isCaughtUp = true
      return { ...(await listSince({ ...side, pool: connection }, from - LATE)), place: now }
    },
  }
}

/** The server's own time, to whole seconds. */
async function timeOf(connection: Connection): Promise<string> {
  const monitor = await connection.read('cn=monitor', { attributes: ['currentTime'], timeout: PATIENCE })
  const time = monitor && first(monitor, 'currentTime')
  if (time === undefined)
    throw new IncompleteSource('refused', 'the account may not read the time of the server in cn=monitor')
  return time
}

type News = Omit<Changes, 'place'>

/** What changes from now on, by id, wherever in the naming context: what leaves the side by a change is seen when it is read. */
function watchChanges({ product, server, base }: LdapSide, connection: Connection): { take(): News } {
  let news = new Map<string, 'changed' | 'deleted'>()
  let failure: Error | undefined
  const search = connection.search({
    base: namingContextOf(server, base),
    filter: filter`(objectClass=*)`,
    attributes: [product.idAttribute],
    controls: [persistentSearch()],
    timeout: FOR_EVER,
  })
  const running = async (): Promise<void> => {
    for await (const entry of search) {
      const id = first(entry, product.idAttribute)
      if (id === undefined)
        throw new IncompleteSource('refused', `the account may not read ${product.idAttribute}`)
      const isDeleted = readEntryChange(entry.controls)?.change === 'delete'
      news.set(id, isDeleted ? 'deleted' : 'changed')
    }
    throw new IncompleteSource('lost', 'the server has ended the persistent search')
  }
  running().catch((error: unknown) => {
    failure = error instanceof Error ? error : new Error(String(error))
  })
  return {
    take() {
      if (failure !== undefined) throw failure
      const taken = [...news]
      news = new Map()
      const ids = (what: string): string[] => taken.filter(([, is]) => is === what).map(([id]) => id)
      return { changed: ids('changed'), deleted: ids('deleted') }
    },
  }
}

/** Everything of the side, and which of it has changed since a time in milliseconds. */
async function listSince(side: LdapSide, time: number): Promise<News> {
  const { base, scope, filter: within, record } = side
  const attributes = [side.product.idAttribute, 'modifyTimestamp']
  const [present, changed]: [string[], string[]] = [[], []]
  for await (const entry of allEntries(side, { base, scope, filter: within, attributes })) {
    const id = first(entry, record.idAttribute)
    if (id === undefined)
      throw new IncompleteSource('refused', `the account may not read ${record.idAttribute}`)
    present.push(id)
    const modified = parseGeneralizedTime(first(entry, 'modifyTimestamp') ?? '')?.getTime()
    if (modified === undefined || modified >= time) changed.push(id)
  }
  return { present, changed, deleted: [] }
}
