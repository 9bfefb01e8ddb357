import { fieldBit } from './hidden-mask.ts'
import { fieldsOf, slotOf } from './posting.ts'
import type { Place } from './term-index.ts'

/** How well a person matches, best last. A query of several words is worth its worst word. */
export const score = {
  none: 0,
  /** Inside a word of a name, at the start of another word, or in a phone number. */
  part: 1,
  word: 2,
  startOfName: 3,
  wordOfName: 4,
  /** The query is the login or a mail address. */
  identifier: 5,
} as const
export const bestScore = score.identifier

const ofName = {
  whole: score.wordOfName,
  start: score.startOfName,
  inside: score.part,
} as const satisfies Record<Place, number>
// `elo` is meant for Élodie and Chloé, not for everyone in a department of development.
const ofOther = { whole: score.word, start: score.part, inside: score.none } as const satisfies Record<
  Place,
  number
>

/** What the audience may not see, by slot: `masks[slot] >>> shift`. */
export type Sight = { masks: Int32Array; shift: number }

/** What a posting is worth, in a field of a name and in any other. */
export type Worth = { name: number; other: number }

export function worthOf(place: Place): Worth {
  return { name: ofName[place], other: ofOther[place] }
}

/** Raises to its worth the score of every person for whom a posting stands in a field that the audience may see. */
export function raise(
  scores: Uint8Array,
  { masks, shift }: Sight,
  range: { postings: ArrayLike<number>; from: number; to: number },
  worth: Worth,
): void {
  const { postings, from, to } = range
  for (let i = from; i < to; i++) {
    const packed = postings[i] ?? 0
    const slot = slotOf(packed)
    const visible = fieldsOf(packed) & ~((masks[slot] ?? 0) >>> shift)
    if (visible === 0) continue
    const value = visible & fieldBit.names ? worth.name : worth.other
    if ((scores[slot] ?? 0) < value) scores[slot] = value
  }
}

/** Lowers each score to the other one. */
export function lower(scores: Uint8Array, others: Uint8Array): void {
  for (let slot = 0; slot < scores.length; slot++) {
    const other = others[slot] ?? 0
    if ((scores[slot] ?? 0) > other) scores[slot] = other
  }
}

/** 1 for every person whom the audience may see. */
export function scoreEveryone(scores: Uint8Array, { masks, shift }: Sight): void {
  for (let slot = 0; slot < scores.length; slot++) {
    scores[slot] = ((masks[slot] ?? 0) >>> shift) & fieldBit.names ? score.none : score.part
  }
}

/** Makes all matches equal, for a list by name alone. */
export function level(scores: Uint8Array): void {
  for (let slot = 0; slot < scores.length; slot++) scores[slot] = Math.min(scores[slot] ?? 0, score.part)
}
