import type { Connection } from '../../../../src/ldap/connection.ts'
import { readSyncDone } from '../../../../src/ldap/controls/sync-done.ts'
import { readSyncInfo, SYNC_INFO, type SyncInfo } from '../../../../src/ldap/controls/sync-info.ts'
import { syncRequest } from '../../../../src/ldap/controls/sync-request.ts'
import { readSyncState } from '../../../../src/ldap/controls/sync-state.ts'
import { protocolFailure } from '../../../../src/ldap/failure.ts'
import { resultCode } from '../../../../src/ldap/result-code.ts'
import { LdapError } from '../../../../src/ldap/result.ts'
import type { Search } from '../../../../src/ldap/search.ts'
import type { SearchEvent } from '../../../../src/ldap/search-exchange.ts'
import type { FoundEntry } from '../../../../src/ldap/wire-entry.ts'
import { type FeedEvent, IncompleteSource, type Wanted } from '../../connector.ts'
import type { LdapSide } from '../ldap-side.ts'
import { readControls, requested } from '../read-entries.ts'
import { recordOf } from '../record-of.ts'
import { formatToken, placeOf } from './feed-token.ts'
import { keepAlive } from './keep-alive.ts'
import { type Following, reconnecting } from './reconnecting.ts'
import { nextCookie } from './sync-cookie.ts'
import { syncId } from './sync-id.ts'

const WAY = 'syncrepl'
/** Milliseconds: a search that waits for changes has no end. */
const FOR_EVER = 2_000_000_000

/** What changes, by content synchronization (RFC 4533): slapd with syncprov. */
export function syncreplChanges(
  side: LdapSide,
  following: Following,
  token: string | null,
  wanted: Wanted,
): AsyncIterable<FeedEvent> {
  const run = new SyncRun(side, following, wanted, placeOf(token, WAY))
  return reconnecting(following, (connection) => run.session(connection))
}

/** One consumer, over all of its connections. */
class SyncRun {
  readonly #side: LdapSide
  readonly #following: Following
  readonly #wanted: Wanted
  #cookie: Buffer | undefined
  /** Whether ids were told on a connection before: they do not count in a list of what is present now. */
  #hasTold = false
  /** Ids of the changed entries of the refresh that is under way; undefined once it is done. */
  #refreshed: string[] | undefined

  constructor(side: LdapSide, following: Following, wanted: Wanted, place: string | undefined) {
    this.#side = side
    this.#following = following
    this.#wanted = wanted
    this.#cookie = place === undefined ? undefined : Buffer.from(place, 'base64')
  }

  async *session(connection: Connection): AsyncGenerator<FeedEvent> {
    const hadCookie = this.#cookie !== undefined
    const stop = keepAlive(connection)
    try {
      yield* this.#search(connection)
    } catch (error) {
      // The cookie is of another time or another content of the server: what is there now is told from the beginning.
      if (!(error instanceof LdapError) || error.code !== resultCode.syncRefreshRequired || !hadCookie)
        throw error
      this.#cookie = undefined
      this.#hasTold = true
      yield* this.#search(connection)
    } finally {
      stop()
      this.#hasTold = true
    }
  }

  async *#search(connection: Connection): AsyncGenerator<FeedEvent> {
    this.#refreshed = []
    const isFull = this.#cookie === undefined
    if (isFull) yield* this.#beginPresent()
    const search = this.#begin(connection)
    for await (const event of search.events()) yield* this.#event(event, isFull)
    const done = search.outcome && readSyncDone(search.outcome.controls)
    if (this.#refreshed !== undefined) {
      if (done === undefined) throw protocolFailure('the end of a synchronization does not say where it is')
      yield* this.#endOfPhase(isFull || !done.refreshDeletes)
      yield* this.#endOfRefresh(done.cookie)
    }
  }

  #begin(connection: Connection): Search {
    const { base, scope, filter } = this.#side
    const { follow, signal } = this.#following
    const mode = follow ? 'refreshAndPersist' : 'refreshOnly'
    const cookie = this.#cookie && { cookie: this.#cookie }
    return connection.search({
      base,
      scope,
      filter,
      attributes: requested(this.#side, this.#wanted.attributes),
      controls: [syncRequest({ mode, ...cookie }), ...readControls(this.#side)],
      timeout: FOR_EVER,
      signal,
    })
  }

  async *#event(event: SearchEvent, isFull: boolean): AsyncGenerator<FeedEvent> {
    switch (event.type) {
      case 'entry':
        yield* this.#entry(event.entry)
        break
      case 'reference':
        throw new IncompleteSource('referral', `${this.#side.base}: continues at ${event.uris[0] ?? ''}`)
      case 'intermediate':
        if (event.oid === SYNC_INFO && event.value !== undefined)
          yield* this.#info(readSyncInfo(event.value), isFull)
    }
  }

  async *#entry(entry: FoundEntry): AsyncGenerator<FeedEvent> {
    const state = readSyncState(entry.controls)
    if (state === undefined) throw protocolFailure('an entry of a synchronization without its state')
    const id = syncId(state.entryUuid)
    if (state.state === 'delete') yield { type: 'deleted', id }
    else if (state.state === 'present') yield* this.#present([id])
    else {
      const record = await recordOf(this.#side, entry)
      if (record !== undefined && record.id !== id)
        throw new IncompleteSource('refused', `the account may not read ${this.#side.product.idAttribute}`)
      if (record !== undefined) yield { type: 'changed', record }
      this.#refreshed?.push(id)
    }
    yield* this.#newCookie(state.cookie)
  }

  *#info(info: SyncInfo, isFull: boolean): Generator<FeedEvent, void, void> {
    if (info.type === 'syncIdSet') {
      const ids = info.entryUuids.map((bytes) => syncId(bytes))
      if (!info.refreshDeletes) yield* this.#present(ids)
      else for (const id of ids) yield { type: 'deleted', id }
    } else if (info.type !== 'newCookie') {
      yield* this.#endOfPhase(info.type === 'refreshPresent' || (isFull && info.refreshDone))
      if (info.refreshDone) return yield* this.#endOfRefresh(info.cookie)
    }
    yield* this.#newCookie(info.cookie)
  }

  *#present(ids: readonly string[]): Generator<FeedEvent> {
    yield* this.#beginPresent()
    for (const id of ids) yield { type: 'unchanged', id }
  }

  /** Whoever counts what is there has to forget what was there before the connection was lost. */
  *#beginPresent(): Generator<FeedEvent> {
    if (!this.#hasTold) return
    this.#hasTold = false
    yield { type: 'restart' }
    for (const id of this.#refreshed ?? []) yield { type: 'unchanged', id }
  }

  *#endOfPhase(isPresent: boolean): Generator<FeedEvent> {
    if (!isPresent) return
    yield* this.#beginPresent()
    yield { type: 'rest-is-gone' }
  }

  /** From here on everything is told as it happens. A server that had nothing to tell names no new cookie. */
  *#endOfRefresh(cookie: Buffer | undefined): Generator<FeedEvent, void, void> {
    this.#refreshed = undefined
    yield* this.#newCookie(cookie ?? this.#cookie)
  }

  /** While a refresh is under way nothing is complete up to anywhere. */
  *#newCookie(cookie: Buffer | undefined): Generator<FeedEvent> {
    if (cookie === undefined || this.#refreshed !== undefined) return
    this.#cookie = nextCookie(this.#cookie, cookie)
    yield { type: 'token', token: formatToken({ way: WAY, place: this.#cookie.toString('base64') }) }
  }
}
