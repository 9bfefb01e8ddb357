import type { z } from 'zod'
import { Problem } from '../problems/problem.ts'

/** Where a page ended, for the caller to give back: opaque to them, and nothing secret. */
export function writeCursor(end: unknown): string {
  return Buffer.from(JSON.stringify(end)).toString('base64url')
}

/** What was written into the cursor. Throws Problem `invalid-input` for what we did not write. */
export function readCursor<T>(shape: z.ZodType<T>, cursor: string): T {
  try {
    return shape.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()))
  } catch (cause) {
    throw new Problem('invalid-input', { faults: [{ field: 'cursor', reason: 'malformed' }], cause })
  }
}
