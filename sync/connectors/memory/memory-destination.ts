import { normalizeDn } from '../../../src/ldap/dn.ts'
import { distinctValues, keysBy } from '../../diff/modifications.ts'
import { afterRename } from '../../plan/after-rename.ts'
import type { Change, Modification } from '../../plan/change.ts'
import { attributesOf, makeRecord, NO_VALUES, type SyncRecord, type Values } from '../../record.ts'
import { ApplyFailure, type Comparison, type Destination } from '../connector.ts'

/** Records that are nowhere but here, compared as another destination compares: what a plan would leave, without writing it. */
export function memoryDestination(given: readonly SyncRecord[], comparison: Comparison): Destination {
  const records = new Map(given.map((record) => [record.id, record]))
  const keyOf = comparison.names === 'dn' ? (name: string) => normalizeDn(name) : (name: string) => name
  const ids = new Map(given.map(({ name, id }) => [keyOf(name), id]))
  let created = 0
  const named = (name: string): SyncRecord | undefined => records.get(ids.get(keyOf(name)) ?? '')
  const put = (record: SyncRecord): void => {
    records.set(record.id, record)
    ids.set(keyOf(record.name), record.id)
  }
  const existing = (name: string): SyncRecord => {
    const record = named(name)
    if (record === undefined) throw new ApplyFailure('gone', 'memory', 'there is no such record')
    return record
  }
  return {
    comparison,
    async *read() {
      yield* records.values()
    },
    reread: async (wanted) => wanted.flatMap((id) => records.get(id) ?? []),
    rereadNamed: async (names) => names.flatMap((name) => named(name) ?? []),
    async apply(change) {
      if (change.kind === 'create') {
        if (named(change.name) !== undefined)
          throw new ApplyFailure('exists', 'memory', 'there is such a record')
        created++
        const id = `created ${created}`
        put(makeRecord(change.name, lowerCased(change.attributes), id))
        return
      }
      const record = existing(change.name)
      const taken = change.kind === 'rename' ? named(change.to) : undefined
      if (taken !== undefined && taken.id !== record.id)
        throw new ApplyFailure('exists', 'memory', 'there is such a record')
      const changed = after(record, change, comparison)
      ids.delete(keyOf(record.name))
      if (changed === null) records.delete(record.id)
      else put(changed)
    },
    async close() {},
  }
}

/** Null: it is gone. */
function after(
  record: SyncRecord,
  change: Exclude<Change, { kind: 'create' }>,
  comparison: Comparison,
): SyncRecord | null {
  switch (change.kind) {
    case 'delete':
      return null
    case 'rename':
      return comparison.names === 'dn'
        ? afterRename(record, change.to)
        : makeRecord(change.to, attributesOf(record), record.id)
    case 'update':
      return makeRecord(record.name, modified(record, change.modifications, comparison), record.id)
    case 'disable':
    case 'enable':
      return record
  }
}

function modified(
  record: SyncRecord,
  modifications: readonly Modification[],
  comparison: Comparison,
): ReadonlyMap<string, Values> {
  const attributes = attributesOf(record)
  const keyOf = keysBy(comparison, false)
  for (const { operation, attribute, values } of modifications) {
    const name = attribute.toLowerCase()
    const present = attributes.get(name) ?? NO_VALUES
    const named = new Set(values.map((value) => keyOf(name, value)))
    if (operation === 'replace') attributes.set(name, values)
    else if (operation === 'add') attributes.set(name, distinctValues(name, [...present, ...values], keyOf))
    else
      attributes.set(
        name,
        present.filter((value) => !named.has(keyOf(name, value))),
      )
  }
  return new Map([...attributes].filter(([, values]) => values.length > 0))
}

function lowerCased(attributes: ReadonlyMap<string, Values>): Map<string, Values> {
  return new Map([...attributes].map(([name, values]) => [name.toLowerCase(), values]))
}
