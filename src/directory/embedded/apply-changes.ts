import type { Attribute, Entry } from '../../ldap/entry.ts'
import type { AttributeType, Schema } from '../../ldap/schema.ts'
import type { Change } from '../../ldap/update-message.ts'
import { checkValues, valueKey, writableType } from './check-values.ts'
import { Refusal } from './refusal.ts'

/** The entry after the steps of a modify, in their order (RFC 4511, 4.6). Refuses the whole when one step cannot be. */
export function applyChanges(schema: Schema, entry: Entry, changes: readonly Change<Buffer>[]): Entry {
  const attributes = new Map(entry.attributes)
  for (const change of changes) {
    const type = writableType(schema, change.attribute)
    const key = change.attribute.toLowerCase()
    const found = attributes.get(key) ?? { name: change.attribute, values: [] }
    const values = applyStep(schema, type, found, change)
    if (values.length === 0) attributes.delete(key)
    else attributes.set(key, { name: found.name, values })
  }
  for (const [key, attribute] of attributes) {
    const type = schema.attributeType(key)
    if (type && attribute !== entry.attributes.get(key)) checkValues(schema, type, attribute)
  }
  return { dn: entry.dn, attributes }
}

function applyStep(
  schema: Schema,
  type: AttributeType,
  { name, values: old }: Attribute,
  { operation, values }: Change<Buffer>,
): readonly Buffer[] {
  const keyOf = (value: Buffer) => valueKey(schema, type, value)
  switch (operation) {
    case 'replace':
      return values
    case 'add': {
      if (values.length === 0) throw new Refusal('protocolError', `modify/add: ${name}: no values`)
      const has = new Set(old.map(keyOf))
      const twice = values.findIndex((value) => has.has(keyOf(value)))
      if (twice < 0) return [...old, ...values]
      throw new Refusal('attributeOrValueExists', `modify/add: ${name}: value #${twice} already exists`)
    }
    case 'delete':
      return remove(type, { name, values: old }, values, keyOf)
    case 'increment':
      return increment({ name, values: old }, values)
  }
}

function remove(
  type: AttributeType,
  { name, values: old }: Attribute,
  values: readonly Buffer[],
  keyOf: (value: Buffer) => string,
): readonly Buffer[] {
  if (old.length === 0) throw new Refusal('noSuchAttribute', `modify/delete: ${name}: no such attribute`)
  if (values.length === 0) return []
  if (type.equality === undefined) {
    throw new Refusal('inappropriateMatching', `modify/delete: ${name}: no equality matching rule`)
  }
  const gone = new Set(values.map(keyOf))
  const kept = old.filter((value) => !gone.has(keyOf(value)))
  if (old.length - kept.length === gone.size) return kept
  throw new Refusal('noSuchAttribute', `modify/delete: ${name}: no such value`)
}

/** RFC 4525. */
function increment({ name, values: old }: Attribute, values: readonly Buffer[]): readonly Buffer[] {
  const [by, ...more] = values
  if (!by || more.length > 0)
    throw new Refusal('protocolError', `modify/increment: ${name}: one value is needed`)
  if (old.length === 0) throw new Refusal('noSuchAttribute', `modify/increment: ${name}: no such attribute`)
  const sums = old.map((value) => addIntegers(value.toString('latin1'), by.toString('latin1')))
  return sums.map((sum) => {
    if (sum === undefined) throw new Refusal('constraintViolation', `modify/increment: ${name}: no integer`)
    return Buffer.from(sum)
  })
}

function addIntegers(left: string, right: string): string | undefined {
  const integer = /^-?\d{1,40}$/
  return integer.test(left) && integer.test(right) ? String(BigInt(left) + BigInt(right)) : undefined
}
