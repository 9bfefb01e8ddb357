import { baseName } from '../../src/ldap/attribute-name.ts'
import type { Entry } from '../../src/ldap/entry.ts'
import { DEFAULT_SCHEMA } from '../../src/ldap/schema.ts'
import { makeRecord, type SyncRecord, type Values } from '../record.ts'
import type { Wanted } from './connector.ts'

/** How entries of an LDIF become records. */
export type EntryForm = {
  readonly wanted: Wanted['attributes']
  readonly isBinary: (attribute: string) => boolean
}

/** Which attributes have bytes: as the standards say, and these. */
export function binaryAttributes(more: readonly string[]): (attribute: string) => boolean {
  const named = new Set(more.map((name) => name.toLowerCase()))
  return (attribute) => named.has(baseName(attribute)) || DEFAULT_SCHEMA.isBinary(attribute)
}

/** The record of an entry, or the attribute whose values are not text though they should be. */
export function entryRecord(
  { dn, attributes }: Entry,
  { wanted, isBinary }: EntryForm,
): { readonly record: SyncRecord; readonly faulty?: string } {
  const found = new Map<string, Values>()
  let faulty: string | undefined
  for (const [key, { name, values }] of attributes) {
    if (wanted === 'all' ? DEFAULT_SCHEMA.attributeType(key)?.operational : !wanted.includes(key)) continue
    const filled = values.filter((value) => value.length > 0)
    if (filled.length === 0) continue
    const texts = isBinary(key) ? filled : filled.map((value) => value.toString('utf8'))
    if (texts.some((text, index) => typeof text === 'string' && isSpoiled(text, filled[index])))
      faulty ??= name
    found.set(key, texts)
  }
  const id = attributes.get('entryuuid')?.values[0]?.toString('utf8') ?? dn
  const record = makeRecord(dn, found, id)
  return faulty === undefined ? { record } : { record, faulty }
}

function isSpoiled(text: string, bytes: Buffer | undefined): boolean {
  return text.includes('\uFFFD') && bytes !== undefined && !Buffer.from(text).equals(bytes)
}
