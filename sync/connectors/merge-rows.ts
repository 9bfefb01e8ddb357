import type { RecordFault } from './connector.ts'
import { makeRecord, type SyncRecord, type Values } from '../record.ts'

export type ReadRow = { readonly record: SyncRecord } | { readonly fault: RecordFault }

type Group = { readonly key: string; readonly values: Map<string, Set<Values[number]>>; isFaulty: boolean }

/**
 * Makes one record of the rows with one key; what differs becomes several values. Rows of a key come one after the other, but for those of
 * the `scattered` keys, which are kept until the end. A person one of whose rows is faulty is left out: half of the values would delete the others.
 */
export async function* mergeRows(
  rows: AsyncIterable<ReadRow>,
  scattered: ReadonlySet<string>,
): AsyncGenerator<ReadRow> {
  const kept = new Map<string, Group>()
  let current: Group | undefined
  for await (const row of rows) {
    if ('fault' in row) yield row
    const record = 'fault' in row ? row.fault.record : row.record
    if (record === undefined) continue
    if (scattered.has(record.id)) {
      let group = kept.get(record.id)
      if (!group) kept.set(record.id, (group = emptyGroup(record.id)))
      join(group, record, 'fault' in row)
      continue
    }
    if (current && current.key !== record.id) yield* finished(current)
    if (current?.key !== record.id) current = emptyGroup(record.id)
    join(current, record, 'fault' in row)
  }
  if (current) yield* finished(current)
  for (const group of kept.values()) yield* finished(group)
}

/** The keys whose rows do not all come one after the other. */
export async function scatteredKeys(keys: AsyncIterable<string>): Promise<ReadonlySet<string>> {
  const seen = new Set<string>()
  const scattered = new Set<string>()
  let current: string | undefined
  for await (const key of keys) {
    if (key === current) continue
    if (seen.has(key)) scattered.add(key)
    seen.add((current = key))
  }
  return scattered
}

function emptyGroup(key: string): Group {
  return { key, values: new Map(), isFaulty: false }
}

function join(group: Group, record: SyncRecord, isFaulty: boolean): void {
  group.isFaulty ||= isFaulty
  for (const name of record.names()) {
    const values = group.values.get(name)
    if (!values) group.values.set(name, new Set(record.values(name)))
    else for (const value of record.values(name)) values.add(value)
  }
}

function* finished({ key, values, isFaulty }: Group): Generator<ReadRow> {
  if (isFaulty) return
  yield { record: makeRecord(key, new Map([...values].map(([name, set]) => [name, [...set]]))) }
}
