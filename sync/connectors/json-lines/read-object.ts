import { makeRecord, type SyncRecord, type Values } from '../../record.ts'
import type { ReadCell } from '../cell.ts'
import type { Wanted } from '../connector.ts'

export type ObjectForm = {
  /** Lower-cased. */
  readonly key: string
  readonly wanted: Wanted['attributes']
  readonly readerOf: (member: string) => ReadCell
}

export type ReadObject =
  | { readonly record: SyncRecord }
  | { readonly text: string; readonly column?: string; readonly record?: SyncRecord }

/** The record of one JSON object. Members of objects within it are named with a dot: `name.given`. */
export function readObject(line: string, { key, wanted, readerOf }: ObjectForm): ReadObject {
  const parsed = parse(line)
  if (!isObject(parsed)) return { text: 'not a JSON object' }
  const members = new Map<string, string[] | null>()
  flatten('', parsed, members)
  const name = members.get(key)?.[0]?.trim()
  if (!name) return { text: 'no key', column: key }
  const attributes = new Map<string, Values>()
  let column: string | undefined
  for (const [member, texts] of members) {
    if (wanted !== 'all' && !wanted.includes(member)) continue
    const read = readerOf(member)
    const values = texts?.map(read)
    if (!values || values.includes(undefined)) column ??= member
    const filled = values?.flatMap((each) => each ?? []) ?? []
    if (filled.length > 0) attributes.set(member, [...new Set(filled)])
  }
  const record = makeRecord(name, attributes)
  return column === undefined ? { record } : { text: 'a value that cannot be read', column, record }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Texts of each member that is no object; null where one of them has no text. */
function flatten(
  prefix: string,
  object: Readonly<Record<string, unknown>>,
  into: Map<string, string[] | null>,
): void {
  for (const [name, value] of Object.entries(object)) {
    const member = `${prefix}${name.toLowerCase()}`
    if (isObject(value)) flatten(`${member}.`, value, into)
    else if (value !== null) into.set(member, textsOf(Array.isArray(value) ? value : [value]))
  }
}

function textsOf(values: readonly unknown[]): string[] | null {
  const texts = values.filter((value) => value !== null).map(textOf)
  return texts.every((text) => text !== undefined) ? texts : null
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  // As LDAP writes it.
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE'
  // A larger one has lost digits when it was parsed.
  if (typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER) return String(value)
  return undefined
}
