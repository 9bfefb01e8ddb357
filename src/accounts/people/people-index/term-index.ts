import { makeTable } from './make-table.ts'
import { mergeTables } from './merge-tables.ts'
import { posting, slotOf } from './posting.ts'
import {
  byteString,
  compareTerm,
  containsInside,
  emptyTable,
  prefixRange,
  type TermTable,
} from './term-table.ts'
import { eachCandidate, indexTrigrams, type Trigrams } from './trigrams.ts'

/** How a needle stands in a term. */
export type Place = 'whole' | 'start' | 'inside'
/** Called with postings[from..to], all of terms in which the needle stands in this way. */
export type VisitPostings = (postings: ArrayLike<number>, from: number, to: number, place: Place) => void

/** Shorter needles would stand inside half of all words. */
const fewestInside = 3
/** Trigrams are made when first asked for. */
type Level = { table: TermTable; trigrams: Trigrams | null }
type Added = Map<string, number[]>

/**
 * Postings by term, on three levels, so that a change costs little and is found at once: a small map takes what is added, `settle`
 * merges it into a table of recent changes, and `settleDeep` all of it into the large table. Searches read the three.
 */
export function createTermIndex() {
  let large = levelOf(emptyTable)
  let recent = levelOf(emptyTable)
  let added: Added = new Map()

  function settle(): void {
    recent = levelOf(mergeTables(recent.table, makeTable(added), () => true))
    added = new Map()
  }

  return {
    /** Says that a term, when it is not empty, stands in the field of a person. All terms of a person are added together. */
    add(term: string, slot: number, field: number): void {
      if (term === '') return
      const key = byteString(term)
      const postings = added.get(key)
      const last = postings?.at(-1)
      if (!postings || last === undefined) added.set(key, [posting(slot, field)])
      else if (slotOf(last) === slot) postings[postings.length - 1] = last | field
      else postings.push(posting(slot, field))
    },
    /** Visits the postings of the term that is the needle. */
    findWhole(needle: string, visit: VisitPostings): void {
      const key = byteString(needle)
      for (const level of [large, recent]) findWhole(level, key, visit)
      const postings = added.get(key)
      if (postings) visit(postings, 0, postings.length, 'whole')
    },
    /** Visits the postings of every term that begins with the needle or, when it has three characters or more, contains it. */
    find(needle: string, visit: VisitPostings): void {
      const key = byteString(needle)
      const inside = needle.length >= fewestInside
      for (const level of [large, recent]) {
        findStart(level, key, visit)
        if (inside) findInside(level, key, visit)
      }
      findInAdded(added, key, inside, visit)
    },
    settle,
    /** Drops the postings of slots that are not live, too. */
    settleDeep(isLive: (slot: number) => boolean): void {
      settle()
      large = levelOf(mergeTables(large.table, recent.table, (packed) => isLive(slotOf(packed))))
      recent = levelOf(emptyTable)
    },
    /** Bytes held by the tables; what was added since is not counted. */
    bytes: () => bytesOf(large) + bytesOf(recent),
  }
}

function levelOf(table: TermTable): Level {
  return { table, trigrams: null }
}

function findWhole({ table }: Level, needle: string, visit: VisitPostings): void {
  const [term] = prefixRange(table, needle)
  if (term === table.size || compareTerm(table, term, needle) !== 0) return
  visit(table.postings, table.postingStarts[term] ?? 0, table.postingStarts[term + 1] ?? 0, 'whole')
}

function findStart({ table }: Level, needle: string, visit: VisitPostings): void {
  const { postings, postingStarts } = table
  const [from, to] = prefixRange(table, needle)
  const next = postingStarts[from + 1] ?? 0
  const isWhole = from < to && compareTerm(table, from, needle) === 0
  if (isWhole) visit(postings, postingStarts[from] ?? 0, next, 'whole')
  visit(postings, isWhole ? next : (postingStarts[from] ?? 0), postingStarts[to] ?? 0, 'start')
}

function findInside(level: Level, needle: string, visit: VisitPostings): void {
  const { table } = level
  level.trigrams ??= indexTrigrams(table)
  eachCandidate(level.trigrams, table, needle, (term) => {
    if (!containsInside(table, term, needle)) return
    visit(table.postings, table.postingStarts[term] ?? 0, table.postingStarts[term + 1] ?? 0, 'inside')
  })
}

function findInAdded(added: Added, needle: string, inside: boolean, visit: VisitPostings): void {
  for (const [term, postings] of added) {
    if (term.startsWith(needle)) visit(postings, 0, postings.length, term === needle ? 'whole' : 'start')
    else if (inside && term.includes(needle)) visit(postings, 0, postings.length, 'inside')
  }
}

function bytesOf({ table, trigrams }: Level): number {
  const arrays = [table.text, table.starts, table.postings, table.postingStarts]
  if (trigrams) arrays.push(trigrams.starts, trigrams.blocks)
  return arrays.reduce((sum, array) => sum + array.byteLength, 0)
}
