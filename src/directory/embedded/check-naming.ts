import { parseDn } from '../../ldap/dn.ts'
import type { Entry } from '../../ldap/entry.ts'
import type { Schema } from '../../ldap/schema.ts'
import { valueKey, writableType } from './check-values.ts'
import { Refusal } from './refusal.ts'

/** Refuses an entry that lacks a value of its own RDN (RFC 4511, 4.7 and 4.6). */
export function checkNaming(schema: Schema, entry: Entry): void {
  for (const { attribute, value } of parseDn(entry.dn)[0] ?? []) {
    const type = writableType(schema, attribute)
    const wanted = valueKey(schema, type, value)
    const names = [...schema.subtypes(attribute)]
    const values = names.flatMap((name) => entry.attributes.get(name)?.values ?? [])
    if (values.length === 0) {
      throw new Refusal('namingViolation', `naming attribute '${attribute}' is not present in entry`)
    }
    if (!values.some((one) => valueKey(schema, type, one) === wanted)) {
      throw new Refusal('namingViolation', `value of naming attribute '${attribute}' is not present in entry`)
    }
  }
}
