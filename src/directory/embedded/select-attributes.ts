import { baseName } from '../../ldap/attribute-name.ts'
import type { Attribute, Entry } from '../../ldap/entry.ts'
import type { Schema } from '../../ldap/schema.ts'

/** Cuts an entry down to what a search asked for (RFC 4511, 4.5.1.8): names with their subtypes, `*`, `+`, `1.1`. */
export function selectAttributes(
  schema: Schema,
  asked: readonly string[],
  typesOnly: boolean,
): (entry: Entry) => Entry {
  const user = asked.length === 0 || asked.includes('*')
  const operational = asked.includes('+')
  const names = new Set(
    asked.filter((name) => !name.includes(';')).flatMap((name) => [...schema.subtypes(name)]),
  )
  const withOptions = asked.filter((name) => name.includes(';')).map((name) => name.toLowerCase())
  const isAsked = (key: string): boolean => {
    const base = baseName(key)
    if (names.has(base)) return true
    if (withOptions.some((name) => key === name || key.startsWith(`${name};`))) return true
    return isOperational(schema, base) ? operational : user
  }
  return ({ dn, attributes: all }) => {
    const attributes = new Map<string, Attribute>()
    for (const [key, attribute] of all) {
      if (isAsked(key)) attributes.set(key, typesOnly ? { name: attribute.name, values: [] } : attribute)
    }
    return { dn, attributes }
  }
}

function isOperational(schema: Schema, name: string): boolean {
  return schema.attributeType(name)?.operational ?? false
}
