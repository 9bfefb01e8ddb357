import { baseName } from './attribute-name.ts'
import type { Entry } from './entry.ts'
import type { MatchingRule } from './matching-rules.ts'
import type { Schema } from './schema.ts'

/** Undefined is the third value of the logic: the server cannot tell (RFC 4511, 4.5.1.7). */
export type Outcome = boolean | undefined
export type Test = (entry: Entry) => Outcome

export const never: Test = () => undefined

export type Assertion = { attribute: string; value: Buffer; rule: MatchingRule | undefined; schema: Schema }

/** True when the attribute (subtypes and options included) has a value. */
export function testPresent(attribute: string, schema: Schema): Test {
  return testValues(attribute, schema, () => true)
}

/** True when one value of the attribute (subtypes and options included) passes. */
export function testValues(attribute: string, schema: Schema, passes: (value: Buffer) => boolean): Test {
  const holds = attributeFilter(attribute, schema)
  return (entry) => {
    for (const [key, found] of entry.attributes) {
      if (holds(key) && found.values.some(passes)) return true
    }
    return false
  }
}

/** Equality. An assertion value that the syntax does not allow makes it undefined. */
export function assertValue({ attribute, value, rule, schema }: Assertion): Test {
  const wanted = rule?.normalize(value, schema)
  if (!rule || wanted === undefined) return never
  if (schema.attributeType(attribute)?.oid === OBJECT_CLASS) return testObjectClass(attribute, value, schema)
  return testValues(attribute, schema, (one) => one.equals(value) || rule.normalize(one, schema) === wanted)
}

/** Ordering. Undefined for an attribute without an ordering rule and a value that its syntax does not allow. */
export function orderValues(assertion: Assertion, direction: 'greaterOrEqual' | 'lessOrEqual'): Test {
  const { attribute, value, rule, schema } = assertion
  const limit = rule?.normalize(value, schema)
  const order = rule?.order
  if (!rule || !order || limit === undefined) return never
  const sign = direction === 'greaterOrEqual' ? 1 : -1
  return testValues(attribute, schema, (one) => {
    const normalized = rule.normalize(one, schema)
    return normalized !== undefined && order(normalized, limit) * sign >= 0
  })
}

/** The OID of the attribute objectClass. */
export const OBJECT_CLASS = '2.5.4.0'

/** (objectClass=person) holds for an inetOrgPerson, whether or not the entry lists its superclasses. */
function testObjectClass(attribute: string, value: Buffer, schema: Schema): Test {
  const wanted = schema.objectClass(value.toString('utf8'))
  if (!wanted)
    return testValues(
      attribute,
      schema,
      (one) => one.toString().toLowerCase() === value.toString().toLowerCase(),
    )
  const known = new Map<string, boolean>()
  return testValues(attribute, schema, (one) => {
    const name = one.toString('utf8')
    let is = known.get(name)
    if (is === undefined) known.set(name, (is = schema.superclasses(name).includes(wanted)))
    return is
  })
}

/** Options narrow: `cn` holds for `cn;lang-fr`, `cn;lang-fr` does not hold for `cn` (RFC 4512, 2.5). */
function attributeFilter(attribute: string, schema: Schema): (key: string) => boolean {
  const names = schema.subtypes(attribute)
  const wanted = attribute.toLowerCase().split(';').slice(1)
  return (key) => {
    if (!key.includes(';')) return wanted.length === 0 && names.has(key)
    return names.has(baseName(key)) && wanted.every((option) => key.split(';').includes(option))
  }
}
