import { parseDn } from '../../ldap/dn.ts'
import type { Entry } from '../../ldap/entry.ts'
import type { Schema } from '../../ldap/schema.ts'
import { checkValues, valueKey, writableType } from './check-values.ts'
import { withAttributes } from './differences.ts'
import { Refusal } from './refusal.ts'

/** Refuses an entry that lacks a value of its own RDN (RFC 4511, 4.6). */
export function checkNaming(schema: Schema, entry: Entry): void {
  for (const { attribute, value } of parseDn(entry.dn)[0] ?? []) {
    const { hasType, hasValue } = lookUp(schema, entry, attribute, value)
    if (hasValue) continue
    const what = hasType ? `value of naming attribute '${attribute}'` : `naming attribute '${attribute}'`
    throw new Refusal('namingViolation', `${what} is not present in entry`)
  }
}

/** The entry with the values of its RDN, for a client that left them out of an add. */
export function withNaming(schema: Schema, entry: Entry): Entry {
  return (parseDn(entry.dn)[0] ?? []).reduce((named, { attribute: name, value }) => {
    const { hasValue, key } = lookUp(schema, named, name, value)
    const found = named.attributes.get(key)
    const attribute = { name: found?.name ?? name, values: [...(found?.values ?? []), value] }
    if (hasValue) return named
    checkValues(schema, writableType(schema, name), attribute)
    return withAttributes(named, [attribute])
  }, entry)
}

/** Whether the entry has the attribute, by any of its names, and the value; and under which key it is. */
function lookUp(
  schema: Schema,
  entry: Entry,
  name: string,
  value: Buffer,
): { hasType: boolean; hasValue: boolean; key: string } {
  const type = writableType(schema, name)
  const wanted = valueKey(schema, type, value)
  const keys = [...schema.subtypes(name)].filter((alias) => entry.attributes.has(alias))
  const values = keys.flatMap((key) => entry.attributes.get(key)?.values ?? [])
  return {
    hasType: keys.length > 0,
    hasValue: values.some((one) => valueKey(schema, type, one) === wanted),
    key: keys[0] ?? name.toLowerCase(),
  }
}
