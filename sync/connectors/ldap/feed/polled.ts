import { setTimeout as wait } from 'node:timers/promises'
import type { Connection } from '../../../../src/ldap/connection.ts'
import type { FeedEvent, Wanted } from '../../connector.ts'
import type { LdapSide } from '../ldap-side.ts'
import { findById } from '../lookups.ts'
import { readEntries } from '../read-entries.ts'
import type { ChangeLog, Changes, OpenLog } from './change-log.ts'
import { formatToken, placeOf } from './feed-token.ts'
import { type Following, reconnecting } from './reconnecting.ts'

/** Milliseconds between two looks: what changes comes out within a second. */
const POLL = 400
/** Milliseconds after which what is there is listed again, where a server does not tell what is deleted. */
const LIST = 60_000
/** Records that are read together. */
const AT_ONCE = 1_000

/** What changes, by asking again and again. */
export function polledChanges(
  openLog: OpenLog,
  side: LdapSide,
  following: Following,
  token: string | null,
  wanted: Wanted,
): AsyncIterable<FeedEvent> {
  const run = new PolledRun(openLog, side, following, token, wanted)
  return reconnecting(following, (connection) => run.session(connection))
}

/** One consumer, over all of its connections. */
class PolledRun {
  readonly #openLog: OpenLog
  readonly #side: LdapSide
  readonly #following: Following
  readonly #wanted: Wanted
  #token: string | null
  /** Whether anything was told that a list of what is present must not count. */
  #hasTold: boolean

  constructor(openLog: OpenLog, side: LdapSide, following: Following, token: string | null, wanted: Wanted) {
    this.#openLog = openLog
    this.#side = side
    this.#following = following
    this.#token = token
    this.#hasTold = false
    this.#wanted = wanted
  }

  async *session(connection: Connection): AsyncGenerator<FeedEvent> {
    const { follow, signal } = this.#following
    const side = { ...this.#side, pool: connection }
    const log = await this.#openLog(connection)
    yield* this.#catchUp(side, log)
    if (!follow) return
    for (let listed = performance.now(); ;) {
      await wait(POLL, undefined, { signal })
      const news = await log.since(placeOf(this.#token, log.way) ?? '')
      if (news === undefined) return // the next session begins anew
      yield* this.#tell(side, log, news)
      if (log.tellsDeletes || performance.now() - listed < LIST) continue
      yield* this.#present(side)
      listed = performance.now()
    }
  }

  async *#catchUp(side: LdapSide, log: ChangeLog): AsyncGenerator<FeedEvent> {
    const place = placeOf(this.#token, log.way)
    const news = place === undefined ? undefined : await log.since(place)
    if (news === undefined) {
      const now = await log.now()
      yield* this.#begin(this.#hasTold || this.#token !== null)
      for await (const record of readEntries(side, this.#wanted)) yield { type: 'changed', record }
      yield { type: 'rest-is-gone' }
      yield* this.#reached(log, now)
    } else {
      yield* this.#tell(side, log, news)
      if (news.present !== undefined || !log.tellsDeletes) yield* this.#present(side, news.present)
      yield* this.#reached(log, news.place)
    }
  }

  async *#tell(
    side: LdapSide,
    log: ChangeLog,
    { changed, deleted, place }: Changes,
  ): AsyncGenerator<FeedEvent> {
    for (const id of deleted) yield { type: 'deleted', id }
    for (let from = 0; from < changed.length; from += AT_ONCE) {
      const ids = new Set(changed.slice(from, from + AT_ONCE))
      for (const record of await findById(side, [...ids], this.#wanted.attributes)) {
        ids.delete(record.id)
        yield { type: 'changed', record }
      }
      // It may never have been here: whoever does not know the id has nothing to do.
      for (const id of ids) yield { type: 'deleted', id }
    }
    if (changed.length + deleted.length > 0) {
      this.#hasTold = true
      yield* this.#reached(log, place)
    } else this.#token = formatToken({ way: log.way, place })
  }

  /** Everything that is there, by id: what else was known is gone. */
  async *#present(side: LdapSide, listed?: readonly string[]): AsyncGenerator<FeedEvent> {
    yield* this.#begin()
    for (const id of listed ?? []) yield { type: 'unchanged', id }
    if (listed === undefined)
      for await (const { id } of readEntries(side, { attributes: [] })) yield { type: 'unchanged', id }
    yield { type: 'rest-is-gone' }
  }

  *#begin(isAgain = this.#hasTold): Generator<FeedEvent> {
    if (isAgain) yield { type: 'restart' }
    this.#hasTold = true
  }

  *#reached({ way }: ChangeLog, place: string): Generator<FeedEvent> {
    this.#token = formatToken({ way, place })
    yield { type: 'token', token: this.#token }
  }
}
