import type { Value } from '../record.ts'
import type { Evaluated, EvaluationResult } from './expressions.ts'
import type { Row } from './run-batch.ts'

/** The realm's rows as results. `kept`: the bytes that scripts gave, by their number. */
export function decodeResults(
  rows: readonly Row[],
  kept: readonly Uint8Array[],
): readonly EvaluationResult[] {
  return rows.map(([condition, ...results]) => ({
    condition: typeof condition === 'string' ? { failed: condition } : condition === true,
    results: results.map((result) => decode(result, kept)),
  }))
}

function decode(result: unknown, kept: readonly Uint8Array[]): Evaluated {
  if (typeof result === 'string') return { failed: result }
  return { values: Array.isArray(result) ? result.map((cell: unknown) => decodeCell(cell, kept)) : [] }
}

/** A text, or the number of bytes. */
function decodeCell(cell: unknown, kept: readonly Uint8Array[]): Value {
  if (typeof cell === 'string') return cell
  const bytes = (typeof cell === 'number' ? kept[cell] : undefined) ?? new Uint8Array()
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
