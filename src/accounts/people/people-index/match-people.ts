import type { Query, Run, Word } from './query.ts'
import { bestScore, lower, raise, score, scoreEveryone, type Sight, type Worth, worthOf } from './scores.ts'
import type { TermIndexes } from './term-indexes.ts'

/** Room for the scores of all slots, used anew by each search. */
export type Scratch = { all: Uint8Array; run: Uint8Array; word: Uint8Array }

/** Gives room for so many slots; the room of the call before is then no longer valid. */
export function createScratch(): (slots: number) => Scratch {
  let room = new Uint8Array(0)
  return (slots) => {
    if (room.length < slots * 3) room = new Uint8Array(slots * 4)
    const part = (index: number) => room.subarray(index * slots, (index + 1) * slots)
    return { all: part(0), run: part(1), word: part(2) }
  }
}

const inPhone: Worth = { name: score.part, other: score.part }
const asIdentifier: Worth = { name: score.identifier, other: score.identifier }

/** The score of every slot for the query, in `scratch.all`. The empty query finds everyone whom the audience may see. */
export function matchPeople(indexes: TermIndexes, query: Query, sight: Sight, scratch: Scratch): Uint8Array {
  const { all } = scratch
  if (query.identifier === '') {
    scoreEveryone(all, sight)
    return all
  }
  all.fill(query.runs.length === 0 ? score.none : bestScore)
  for (const run of query.runs) lower(all, matchRun(indexes, run, sight, scratch))
  indexes.identifiers.findWhole(query.identifier, (postings, from, to) => {
    raise(all, sight, { postings, from, to }, asIdentifier)
  })
  return all
}

function matchRun(indexes: TermIndexes, run: Run, sight: Sight, scratch: Scratch): Uint8Array {
  const [only] = run.words
  if (only && run.words.length === 1) return matchWord(indexes, only, sight, scratch)
  scratch.run.fill(bestScore)
  for (const word of run.words) lower(scratch.run, matchWord(indexes, word, sight, scratch))
  matchPhones(indexes, run.phone, sight, scratch.run)
  return scratch.run
}

function matchWord(indexes: TermIndexes, word: Word, sight: Sight, scratch: Scratch): Uint8Array {
  scratch.word.fill(score.none)
  indexes.words.find(word.text, (postings, from, to, place) => {
    raise(scratch.word, sight, { postings, from, to }, worthOf(place))
  })
  matchPhones(indexes, word.phone, sight, scratch.word)
  return scratch.word
}

function matchPhones(
  indexes: TermIndexes,
  needles: readonly string[],
  sight: Sight,
  scores: Uint8Array,
): void {
  for (const needle of needles) {
    indexes.phones.find(needle, (postings, from, to) => raise(scores, sight, { postings, from, to }, inPhone))
  }
}
