import { type Ava, parseDn } from './dn.ts'
import type { Entry } from './entry.ts'
import type { Filter } from './filter.ts'
import type { Rules } from './match.ts'
import { assertValue, never, type Outcome, type Test, testValues } from './match-values.ts'
import { type MatchingRule, matchingRule } from './matching-rules.ts'
import type { Schema } from './schema.ts'

const bitAnd = '1.2.840.113556.1.4.803'
const bitOr = '1.2.840.113556.1.4.804'

type Extensible = Extract<Filter, { type: 'extensible' }>

/** Extensible match (RFC 4511, 4.5.1.7.7): a chosen rule, RDN values of the DN on request, the bit rules of Active Directory. */
export function compileExtensible(filter: Extensible, { schema, strict }: Rules): Test {
  const { attribute, rule: ruleName, value } = filter
  if (attribute !== undefined && strict && !schema.attributeType(attribute)) return never
  if (ruleName === bitAnd || ruleName === bitOr) return compileBits(filter, schema)
  const rule = matchingRule(
    ruleName ?? schema.equalityRule(attribute ?? '') ?? (strict ? '' : 'caseIgnoreMatch'),
  )
  const wanted = rule?.normalize(value, schema)
  if (!rule || wanted === undefined) return never
  const own =
    attribute === undefined
      ? anyAttribute(rule, wanted, schema)
      : assertValue({ attribute, value, rule, schema })
  return filter.dnAttributes ? either(own, inDn(attribute, rule, wanted, schema)) : own
}

function compileBits({ attribute, rule, value }: Extensible, schema: Schema): Test {
  const mask = toBits(value)
  if (attribute === undefined || mask === undefined) return never
  return testValues(attribute, schema, (one) => {
    const bits = toBits(one)
    if (bits === undefined) return false
    return rule === bitAnd ? (bits & mask) === mask : (bits & mask) !== 0n
  })
}

function toBits(value: Buffer): bigint | undefined {
  const text = value.toString('latin1')
  return /^-?\d{1,19}$/.test(text) ? BigInt.asUintN(64, BigInt(text)) : undefined
}

function anyAttribute(rule: MatchingRule, wanted: string, schema: Schema): Test {
  return (entry: Entry): Outcome => {
    for (const { name, values } of entry.attributes.values()) {
      // A rule applies to the attributes of its own family, or bytes of a photo would be read as text.
      if (matchingRule(schema.equalityRule(name) ?? '') !== rule) continue
      if (values.some((value) => rule.normalize(value, schema) === wanted)) return true
    }
    return false
  }
}

function inDn(attribute: string | undefined, rule: MatchingRule, wanted: string, schema: Schema): Test {
  const names = attribute === undefined ? undefined : schema.subtypes(attribute)
  const holds = (ava: Ava) =>
    (names?.has(ava.attribute.toLowerCase()) ?? true) && rule.normalize(ava.value, schema) === wanted
  return (entry) => parseDn(entry.dn).some((rdn) => rdn.some(holds))
}

const either =
  (left: Test, right: Test): Test =>
  (entry) => {
    const outcome = left(entry)
    return outcome === true ? true : right(entry) === true || outcome
  }
