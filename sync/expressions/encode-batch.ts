import type { SyncRecord, Values } from '../record.ts'
import type { Evaluation, Scope } from './expressions.ts'

/** A batch for the realm. `counts`: how many results each entry wants. */
export type EncodedBatch = { readonly text: string; readonly counts: readonly number[] }

export type BatchEncoder = {
  encode(batch: readonly Evaluation[], now: Date): EncodedBatch
  /** A script asked for an attribute that had not been sent. */
  asked(side: number, attribute: string): void
}

/** A share of the entries of a batch whose scripts ask for an attribute: from there on it is sent with the next batches. */
const often = 1 / 4

/**
 * Writes batches as JSON. Only attributes that scripts were seen to ask for are in it, so that photos and the like never cross; the first batch has none.
 * Bytes never are: 0 in their place has the script ask when it wants them. `sides`: whether any script looks at the source, at the destination.
 */
export function makeBatchEncoder(sides: readonly [boolean, boolean]): BatchEncoder {
  const columns = [new Set<string>(), new Set<string>()] as const
  let requests = new Map<string, number>()
  let size = 0
  return {
    encode(batch, now) {
      for (const [key, times] of requests)
        if (times > size * often) columns[key.startsWith('0') ? 0 : 1].add(key.slice(1))
      requests = new Map()
      size = batch.length
      const names = columns.map((side) => [...side])
      const plans = makePlans()
      const entries = batch.map((evaluation) => {
        const { source, destination } = evaluation.scope
        const rows = [rowOf(source, sides[0], names[0]), rowOf(destination, sides[1], names[1])]
        return [plans.add(evaluation), ...rows, ...extraOf(evaluation.scope)]
      })
      const head = `"now":${now.getTime()},"columns":${JSON.stringify(names)},"plans":${JSON.stringify(plans.all)}`
      return {
        text: `{${head},"entries":${JSON.stringify(entries)}}`,
        counts: batch.map(({ wanted }) => wanted.length),
      }
    },
    asked(side, attribute) {
      const key = `${side}${attribute}`
      requests.set(key, (requests.get(key) ?? 0) + 1)
    },
  }
}

/** Most entries of a batch want the same: by the same objects, when the caller keeps them. */
function makePlans(): { all: object[]; add(evaluation: Evaluation): number } {
  const all: object[] = []
  let last: Evaluation | undefined
  return {
    all,
    add(evaluation) {
      const { condition = -1, wanted, scope } = evaluation
      const { attributes } = scope
      const isSame =
        last !== undefined &&
        wanted === last.wanted &&
        evaluation.condition === last.condition &&
        attributes === last.scope.attributes
      if (!isSame) all.push({ condition, wanted, attributes: attributes && Object.fromEntries(attributes) })
      last = evaluation
      return all.length - 1
    },
  }
}

/** 1: it exists, and nobody looks at it. */
function rowOf(
  record: SyncRecord | null,
  isSeen: boolean,
  names: readonly string[] = [],
): unknown[] | 1 | null {
  if (record === null) return null
  return isSeen ? [record.name, ...names.map((name) => cellOf(record.values(name)))] : 1
}

function cellOf(values: Values): Values | string | 0 | null {
  const [first] = values
  if (first === undefined) return null
  if (values.length === 1 && typeof first === 'string') return first
  return values.every((value) => typeof value === 'string') ? values : 0
}

function extraOf({ value, pivots, flags }: Scope): object[] {
  if (value === undefined && pivots === undefined && flags === undefined) return []
  return [{ value, pivots: pivots && Object.fromEntries(pivots), flags }]
}
