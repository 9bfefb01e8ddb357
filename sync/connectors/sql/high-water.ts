import { z } from 'zod'
import { IncompleteSource } from '../connector.ts'

const highWater = z.strictObject({
  /** Of the column, as text; null while no row had one. */
  value: z.string().nullable(),
  /** When it was first seen, by our clock. */
  since: z.iso.datetime(),
  /** A look long after that found nothing below it any more. */
  settled: z.boolean(),
})

/** How far a table was read. */
export type HighWater = z.infer<typeof highWater>

type Overlap = { readonly type: 'time' | 'number'; readonly overlap: number }

/** Throws IncompleteSource for a token that is none of ours. */
export function readToken(token: string | null): HighWater | null {
  if (token === null) return null
  try {
    return highWater.parse(JSON.parse(token))
  } catch (error) {
    throw new IncompleteSource('refused', 'the token of the last run cannot be read', { cause: error })
  }
}

/**
 * Rows above this are to be read; null: all. A transaction may end after another whose rows are newer, so that the last `overlap` is read again
 * until it is over by our own clock: that of the column may be of any zone.
 */
export function lowerBound(last: HighWater | null, { type, overlap }: Overlap): string | null {
  if (last === null || last.value === null) return null
  if (last.settled || overlap === 0) return last.value
  if (type === 'number') return String(BigInt(last.value.replace(/\..*$/, '')) - BigInt(overlap))
  const moment = Date.parse(`${last.value.replace(' ', 'T').replace(/[+-]\d\d(?::?\d\d)?$/, '')}Z`)
  if (Number.isNaN(moment)) throw new IncompleteSource('faulty', 'the column of changes holds no time')
  return new Date(moment - overlap * 1_000)
    .toISOString()
    .slice(0, 'yyyy-MM-ddTHH:mm:ss'.length)
    .replace('T', ' ')
}

/** What is known after a look that began at `now`, when `highest` was the highest value. */
export function highWaterAfter(
  last: HighWater | null,
  highest: string | null,
  now: Date,
  { overlap }: Overlap,
): HighWater {
  const value = highest ?? last?.value ?? null
  if (last === null || last.value !== value)
    return { value, since: now.toISOString(), settled: overlap === 0 }
  const age = now.getTime() - Date.parse(last.since)
  return { ...last, settled: last.settled || age >= overlap * 1_000 }
}
