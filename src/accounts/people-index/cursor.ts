import { z } from 'zod'
import { Problem } from '../../problems/problem.ts'

/** The last person of a page: its score in the ranking, and name and key, by which equal scores are ordered. */
export type Cursor = { score: number; name: string; key: string }

const shape = z.tuple([z.int().min(0), z.string(), z.string()])

export function writeCursor({ score, name, key }: Cursor): string {
  return Buffer.from(JSON.stringify([score, name, key])).toString('base64url')
}

/** Throws the problem `invalid-input` for what we did not write. */
export function readCursor(text: string): Cursor {
  try {
    const [score, name, key] = shape.parse(JSON.parse(Buffer.from(text, 'base64url').toString()))
    return { score, name, key }
  } catch (cause) {
    throw new Problem('invalid-input', { faults: [{ field: 'cursor', reason: 'malformed' }], cause })
  }
}
