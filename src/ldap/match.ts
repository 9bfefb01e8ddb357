import type { Entry } from './entry.ts'
import type { Filter } from './filter.ts'
import { compileExtensible } from './match-extensible.ts'
import {
  assertValue,
  never,
  OBJECT_CLASS,
  orderValues,
  type Outcome,
  type Test,
  testPresent,
  testValues,
} from './match-values.ts'
import { matchingRule } from './matching-rules.ts'
import { DEFAULT_SCHEMA, type Schema } from './schema.ts'

/**
 * True when the filter is TRUE for the entry, as the directory itself would answer (three-valued logic of RFC 4511,
 * 4.5.1.7: what is undefined matches nothing, negated or not). Without a schema, unknown attributes compare as
 * caseIgnore text; with one they are undefined. For many entries compile the filter once: `compileFilter`.
 */
export function matches(filter: Filter, entry: Entry, schema?: Schema): boolean {
  return compileFilter(filter, schema)(entry)
}

/** The test that `matches` makes, prepared once for many entries. */
export function compileFilter(filter: Filter, schema?: Schema): (entry: Entry) => boolean {
  const test = compile(filter, schema ? { schema, strict: true } : { schema: DEFAULT_SCHEMA, strict: false })
  return (entry) => test(entry) === true
}

/** Which schema, and whether an attribute that it does not know is undefined. */
export type Rules = { schema: Schema; strict: boolean }

function compile(filter: Filter, rules: Rules): Test {
  switch (filter.type) {
    case 'and':
      return all(
        filter.filters.map((part) => compile(part, rules)),
        false,
      )
    case 'or':
      return all(
        filter.filters.map((part) => compile(part, rules)),
        true,
      )
    case 'not': {
      const test = compile(filter.filter, rules)
      return (entry) => negate(test(entry))
    }
    case 'present':
      return isKnown(filter.attribute, rules) ? testPresent(filter.attribute, rules.schema) : never
    case 'extensible':
      return compileExtensible(filter, rules)
    default:
      return compileItem(filter, rules)
  }
}

/** AND ends at the first false, OR at the first true; without one, a single undefined decides. */
function all(tests: readonly Test[], decides: boolean): Test {
  return (entry) => {
    let result: Outcome = !decides
    for (const test of tests) {
      const one = test(entry)
      if (one === decides) return decides
      if (one === undefined) result = undefined
    }
    return result
  }
}

const negate = (outcome: Outcome): Outcome => (outcome === undefined ? undefined : !outcome)

function isKnown(attribute: string, { schema, strict }: Rules): boolean {
  return !strict || schema.attributeType(attribute) !== undefined
}

type Item = Exclude<Filter, { type: 'and' | 'or' | 'not' | 'present' | 'extensible' }>

function compileItem(filter: Item, rules: Rules): Test {
  const { schema } = rules
  const { attribute } = filter
  if (!isKnown(attribute, rules)) return never
  const type = schema.attributeType(attribute)
  const ruleName = (name: string | undefined) => matchingRule(type ? (name ?? '') : 'caseIgnoreMatch')
  switch (filter.type) {
    case 'equal':
    case 'approx':
      if (rules.strict && type?.oid === OBJECT_CLASS && !schema.objectClass(filter.value.toString()))
        return never
      return assertValue({ attribute, value: filter.value, rule: ruleName(type?.equality), schema })
    case 'greaterOrEqual':
    case 'lessOrEqual':
      return orderValues(
        { attribute, value: filter.value, rule: ruleName(type?.ordering), schema },
        filter.type,
      )
    default:
      return compileSubstrings(filter, ruleName(type?.substr), schema)
  }
}

function compileSubstrings(
  filter: Extract<Filter, { type: 'substrings' }>,
  rule: ReturnType<typeof matchingRule>,
  schema: Schema,
): Test {
  const fragment = rule?.fragment
  if (!rule || !fragment) return never
  // Servers refuse an empty piece, so that a search for '' finds nothing rather than everybody.
  if ([filter.initial, ...filter.any, filter.final].some((part) => part?.length === 0)) return never
  const initial = filter.initial && fragment(filter.initial, 'initial')
  const any = filter.any.map((part) => fragment(part, 'any'))
  const final = filter.final && fragment(filter.final, 'final')
  return testValues(filter.attribute, schema, (value) => {
    const text = rule.normalize(value, schema)
    return text !== undefined && hasParts(text, initial ?? '', any, final ?? '')
  })
}

function hasParts(text: string, initial: string, any: readonly string[], final: string): boolean {
  if (!text.startsWith(initial)) return false
  let at = initial.length
  for (const part of any) {
    const found = text.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return text.length - final.length >= at && text.endsWith(final)
}
