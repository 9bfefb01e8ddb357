import { fold } from '../../fold.ts'
import { phoneNeedles, withoutTrunkPrefix } from '../../phone.ts'

/**
 * What a person typed. All runs must match. A run is one word, or neighbouring words of digits only: those may be one phone number
 * (`77 00 00 01`), whose needles are then in `phone`, or each a word.
 */
export type Query = { identifier: string; runs: readonly Run[] }
export type Run = { words: readonly Word[]; phone: readonly string[] }
export type Word = { text: string; phone: readonly string[] }

/** Nobody types more; what follows is not read, so that a long query costs no more than a short one. */
const longestQuery = 256
const mostWords = 16
const fewestPhoneDigits = 4

/** Reads what was typed; never fails, whatever it is. */
export function readQuery(text: string): Query {
  const typed = text.slice(0, longestQuery)
  const words = fold(withoutTrunkPrefix(typed)).split(' ').filter(Boolean).slice(0, mostWords)
  return { identifier: identifierForm(typed), runs: runsOf(words) }
}

/** How logins and mail addresses are compared as a whole: case and outer or repeated spaces do not count (RFC 4518), accents do. */
export function identifierForm(text: string): string {
  return text.normalize('NFKC').toLowerCase().trim().replaceAll(/\s+/g, ' ')
}

function runsOf(words: readonly string[]): Run[] {
  const runs: string[][] = []
  for (const word of words) {
    const last = runs.at(-1)
    if (last && isDigits(word) && isDigits(last[0] ?? '')) last.push(word)
    else runs.push([word])
  }
  return runs.map((run) => ({
    words: run.map((word) => ({ text: word, phone: phoneOf(word) })),
    phone: run.length > 1 ? phoneOf(run.join('')) : [],
  }))
}

function phoneOf(word: string): string[] {
  return word.length >= fewestPhoneDigits && isDigits(word) ? phoneNeedles(word) : []
}

const isDigits = (word: string) => /^[0-9]+$/.test(word)
