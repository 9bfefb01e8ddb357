import { parseDn } from '../../ldap/dn.ts'
import type { Attribute } from '../../ldap/entry.ts'
import { parseGeneralizedTime } from '../../ldap/generalized-time.ts'
import { matchingRule } from '../../ldap/matching-rules.ts'
import type { AttributeType, Schema } from '../../ldap/schema.ts'
import { Refusal } from './refusal.ts'

/** The type of an attribute that a client writes; refuses one that does not exist or that only the server writes. */
export function writableType(schema: Schema, name: string): AttributeType {
  const type = schema.attributeType(name)
  if (!type) throw new Refusal('undefinedAttributeType', `${name}: attribute type undefined`)
  if (type.noUserModification)
    throw new Refusal('constraintViolation', `${name}: no user modification allowed`)
  return type
}

/** Refuses values that the syntax does not allow, twice the same value, and several where one is allowed. */
export function checkValues(schema: Schema, type: AttributeType, { name, values }: Attribute): void {
  if (type.singleValue && values.length > 1) {
    throw new Refusal('constraintViolation', `${name}: multiple values provided`)
  }
  values.forEach((value, index) => {
    if (isValid(type, value)) return
    throw new Refusal('invalidAttributeSyntax', `${name}: value #${index} invalid per syntax`)
  })
  const keys = values.map((value) => valueKey(schema, type, value))
  const twice = keys.findIndex((key, index) => keys.indexOf(key) !== index)
  if (twice >= 0)
    throw new Refusal('attributeOrValueExists', `${name}: value #${twice} provided more than once`)
}

/** Equal for equal values of the type; values of types without an equality rule differ by their bytes. */
export function valueKey(schema: Schema, type: AttributeType, value: Buffer): string {
  const rule = matchingRule(type.equality ?? '')
  return rule?.normalize(value, schema) ?? value.toString('latin1')
}

const ldapSyntax = '1.3.6.1.4.1.1466.115.121.1.'

/** RFC 4517, by the last arc of the syntax. Octets, photos and what is not listed may be anything. */
const checks: Readonly<Record<string, (value: Buffer) => boolean>> = {
  7: (value) => /^(?:TRUE|FALSE)$/.test(value.toString('latin1')),
  11: (value) => /^[A-Za-z ]{2}$/.test(value.toString('latin1')),
  12: isDn,
  15: (value) => value.length > 0 && isUtf8(value),
  24: (value) => parseGeneralizedTime(value.toString('latin1')) !== null,
  26: (value) => value.every((byte) => byte < 0x80),
  27: (value) => /^(?:0|-?[1-9]\d*)$/.test(value.toString('latin1')),
  36: (value) => /^[\d ]+$/.test(value.toString('latin1')),
  38: (value) => /^(?:[A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)*)$/.test(value.toString('latin1')),
  41: (value) => value.length > 0 && isUtf8(value),
  44: isPrintable,
  50: isPrintable,
}

function isValid(type: AttributeType, value: Buffer): boolean {
  if (!type.syntax?.startsWith(ldapSyntax)) return true
  return checks[type.syntax.slice(ldapSyntax.length)]?.(value) ?? true
}

function isPrintable(value: Buffer): boolean {
  return /^[A-Za-z0-9'()+,\-./:?= ]+$/.test(value.toString('latin1'))
}

function isUtf8(value: Buffer): boolean {
  return Buffer.from(value.toString('utf8')).equals(value)
}

function isDn(value: Buffer): boolean {
  try {
    parseDn(value.toString('utf8'))
    return true
  } catch {
    return false
  }
}
