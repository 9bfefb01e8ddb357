import { parseDn, type Rdn } from '../../src/ldap/dn.ts'
import type { Comparison } from '../connectors/connector.ts'
import { attributesOf, makeRecord, type SyncRecord, type Values } from '../record.ts'

/** The values that an entry has because of its own name. */
export function namingValues(name: string): ReadonlyMap<string, Values> {
  const values = new Map<string, string[]>()
  for (const { attribute, value } of parseDn(name)[0] ?? []) {
    const key = attribute.toLowerCase()
    values.set(key, [...(values.get(key) ?? []), value.toString('utf8')])
  }
  return values
}

/** The record as a rename leaves it: what an update after it is compared with. */
export function renamedRecord(
  record: SyncRecord,
  to: string,
  { names, keyAttribute }: Pick<Comparison, 'names' | 'keyAttribute'>,
): SyncRecord {
  if (names === 'dn') return afterRename(record, to)
  if (keyAttribute === undefined) return record
  const attributes = attributesOf(record)
  return makeRecord(to, attributes.set(keyAttribute, [to]), record.id)
}

/** The entry as a rename leaves it: the old name's values are gone, the new one's are there. */
export function afterRename(record: SyncRecord, to: string): SyncRecord {
  const attributes = attributesOf(record)
  const isSame = (value: Values[number], text: string): boolean =>
    value.toString().toLowerCase() === text.toLowerCase()
  for (const { attribute, value } of firstRdn(record.name)) {
    const key = attribute.toLowerCase()
    const left = (attributes.get(key) ?? []).filter((present) => !isSame(present, value.toString('utf8')))
    attributes.set(key, left)
  }
  for (const [key, values] of namingValues(to)) {
    const present = attributes.get(key) ?? []
    attributes.set(key, [
      ...present,
      ...values.filter((value) => !present.some((one) => isSame(one, String(value)))),
    ])
  }
  return makeRecord(to, attributes, record.id)
}

function firstRdn(name: string): Rdn {
  return parseDn(name)[0] ?? []
}
