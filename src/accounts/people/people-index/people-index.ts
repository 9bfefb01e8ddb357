import { z } from 'zod'
import { readCursor, writeCursor } from '../../cursor.ts'
import { createPhoneReader } from '../../phone.ts'
import { audienceShift, type SearchAudience } from './hidden-mask.ts'
import type { IndexedPerson, EntryId } from './indexed-person.ts'
import { createScratch, matchPeople } from './match-people.ts'
import { createNameOrder } from './name-order.ts'
import { readPage, type Start } from './page.ts'
import { indexPerson } from './index-person.ts'
import { readQuery } from './query.ts'
import { createRoster } from './roster.ts'
import { bestScore, level } from './scores.ts'
import { createTermIndexes } from './term-indexes.ts'
import { firstWhere } from './term-table.ts'

export type SearchOptions = {
  /** Who asks: only fields that they may see are matched, only entries that they may see are returned and counted. */
  audience: SearchAudience
  /** People on a page, at least 1. */
  limit: number
  /** `next` of the page before, of the same query and sort. */
  after?: string
  /** `relevance` (default): best first, equals by name. */
  sort?: 'relevance' | 'name'
}
/** `total` counts the matches of all pages; `next` is the cursor of the page after, null on the last. */
export type SearchResult = { ids: EntryId[]; total: number; next: string | null }

export type PeopleIndex = {
  /** Adds a person, or replaces what was known of them. */
  put(person: IndexedPerson): void
  /** Forgets a person; unknown ones are forgotten already. */
  remove(entry: EntryId): void
  /** Throws the problem `invalid-input` for a cursor that no search gave. */
  search(query: string, options: SearchOptions): SearchResult
  size(): number
  /** Everyone who is in the index, in no order. */
  people(): Iterable<EntryId>
  /** Bytes of memory held, an estimate. */
  bytes(): number
}

/** The last person of a page: its score in the ranking, and name and key, by which equal scores are ordered. */
const cursorShape = z.object({ score: z.int().min(0), name: z.string(), key: z.string() })

/** What waits is read word by word at each search, so only few changes may; while the index is filled nobody searches. */
const mostWhenSearched = 256
const mostWhenFilled = 4096
/** A deep settling reads everything: it is done once an eighth has changed. */
const deepShare = 1 / 8

/**
 * The people of a tenant, searched as they are typed: folded (`fold`), phone numbers by their digits, every word of the query at the
 * start of a word of a visible field or, from three letters on, inside one of a name. Lives in memory; who fills it keeps it fresh.
 * `country` (ISO 3166) is that of phone numbers without one, `locale` that of the sorting. Throws a RangeError for an unknown country.
 */
export function createPeopleIndex(options: { country: string; locale: string }): PeopleIndex {
  const readPhone = createPhoneReader(options.country)
  const roster = createRoster(options.locale)
  const order = createNameOrder((a, b) => roster.compare(a, roster.placeOf(b)))
  const terms = createTermIndexes()
  const scratch = createScratch()
  /** Puts and removals since the last settling, and since the last deep one. */
  let fresh = 0
  let unsettled = 0

  /** Settles when more changes wait than that. */
  function settle(most: number): void {
    if (fresh <= most) return
    fresh = 0
    if (unsettled < deepShare * roster.size()) return terms.settle()
    unsettled = 0
    terms.settleDeep(roster.isLive)
    order.settle(roster.isLive)
    roster.settle()
  }

  function countChange(): void {
    fresh++
    unsettled++
    settle(mostWhenFilled)
  }

  function startOf(after: string | undefined): Start {
    if (after === undefined) return { score: bestScore, place: 0 }
    const { score, ...last } = readCursor(cursorShape, after)
    const slots = order.slots()
    const place = firstWhere(slots.length, (index) => roster.compare(slots[index] ?? 0, last) > 0)
    return { score, place }
  }

  return {
    put(person) {
      const slot = roster.put(person, person.names[0] ?? person.login, person.hidden)
      order.add(slot)
      indexPerson(terms, slot, person, readPhone)
      countChange()
    },
    remove(entry) {
      if (roster.remove(entry)) countChange()
    },
    search(text, { audience, limit, after, sort = 'relevance' }) {
      settle(mostWhenSearched)
      const sight = { masks: roster.hidden(), shift: audienceShift(audience) }
      const scores = matchPeople(terms, readQuery(text), sight, scratch(roster.end()))
      if (sort === 'name') level(scores)
      const { slots, total, more } = readPage(scores, order.slots(), limit, startOf(after))
      const last = more ? slots.at(-1) : undefined
      return {
        ids: slots.map(roster.idOf),
        total,
        next: last === undefined ? null : writeCursor({ score: scores[last] ?? 0, ...roster.placeOf(last) }),
      }
    },
    size: roster.size,
    people: roster.people,
    bytes: () => roster.bytes() + order.bytes() + terms.bytes(),
  }
}
