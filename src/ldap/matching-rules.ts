import { normalizeDn } from './dn.ts'
import { parseGeneralizedTime } from './generalized-time.ts'
import { prepareExact, prepareFragment, prepareIgnoringCase } from './prepare.ts'
import type { Schema } from './schema.ts'

/** How the values of a syntax compare (RFC 4517, section 4). */
export type MatchingRule = {
  /** A string that is equal for equal values; undefined for a value that the syntax does not allow. */
  normalize: (value: Buffer, schema: Schema) => string | undefined
  /** Compares two normalized values; absent where no order is defined. */
  order?: (left: string, right: string) => number
  /** Normalizes a piece of a substrings assertion; absent where there are no substrings. */
  fragment?: (value: Buffer, place: 'initial' | 'any' | 'final') => string
}

/** The rule with this name or OID (equality, ordering or substrings: the family is the same), undefined when unknown. */
export function matchingRule(nameOrOid: string): MatchingRule | undefined {
  return rules.get(nameOrOid.toLowerCase())
}

const utf8 = (value: Buffer): string => value.toString('utf8')
const codePoints = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0)
const valid = (pattern: RegExp, text: string): string | undefined => (pattern.test(text) ? text : undefined)

const caseIgnoreIa5: MatchingRule = {
  normalize: (value) => prepareIgnoringCase(utf8(value)),
  order: codePoints,
  fragment: (value, place) => prepareFragment(utf8(value), place, true),
}

const caseExactIa5: MatchingRule = {
  normalize: (value) => prepareExact(utf8(value)),
  order: codePoints,
  fragment: (value, place) => prepareFragment(utf8(value), place, false),
}

// A directory string has at least one character, so that (cn=) is undefined; an IA5 string may be empty.
const notEmpty = (rule: MatchingRule): MatchingRule => ({
  ...rule,
  normalize: (value, schema) => (value.length === 0 ? undefined : rule.normalize(value, schema)),
})

const caseIgnore = notEmpty(caseIgnoreIa5)
const caseExact = notEmpty(caseExactIa5)

const withoutSpaces = (value: Buffer): string => prepareIgnoringCase(utf8(value)).replaceAll(' ', '')

const numeric: MatchingRule = { normalize: withoutSpaces, order: codePoints, fragment: withoutSpaces }

const withoutHyphens = (value: Buffer): string => withoutSpaces(value).replaceAll('-', '')

const telephone: MatchingRule = { normalize: withoutHyphens, fragment: withoutHyphens }

const integer: MatchingRule = {
  normalize: (value) => valid(/^(?:0|-?[1-9]\d*)$/, utf8(value)),
  order: (left, right) => (BigInt(left) < BigInt(right) ? -1 : left === right ? 0 : 1),
}

const boolean: MatchingRule = { normalize: (value) => valid(/^(?:TRUE|FALSE)$/, utf8(value).toUpperCase()) }

const latin1 = (value: Buffer): string => value.toString('latin1')

const octets: MatchingRule = { normalize: latin1, order: codePoints, fragment: latin1 }

const time: MatchingRule = {
  normalize: (value) => {
    const date = parseGeneralizedTime(utf8(value))
    return date ? String(date.getTime()) : undefined
  },
  order: (left, right) => Number(left) - Number(right),
}

const uuid: MatchingRule = {
  normalize: (value) => valid(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, utf8(value).toLowerCase()),
  order: codePoints,
}

const distinguishedName: MatchingRule = {
  normalize: (value, schema) => {
    try {
      return normalizeDn(utf8(value), schema)
    } catch {
      return undefined
    }
  },
}

/** Names of types and classes: `person` is `2.5.6.6`. */
const objectIdentifier: MatchingRule = {
  normalize: (value, schema) => {
    const name = utf8(value).trim().toLowerCase()
    return (
      schema.objectClass(name)?.oid ?? schema.attributeType(name)?.oid ?? valid(/^[a-z\d][a-z\d.-]*$/, name)
    )
  },
}

const rules = new Map<string, MatchingRule>()

// Each line: the OIDs and names of the rules of one family.
for (const [rule, names] of [
  [objectIdentifier, '2.5.13.0 objectIdentifierMatch'],
  [distinguishedName, '2.5.13.1 distinguishedNameMatch'],
  [distinguishedName, '2.5.13.23 uniqueMemberMatch'],
  [
    caseIgnore,
    '2.5.13.2 caseIgnoreMatch 2.5.13.3 caseIgnoreOrderingMatch 2.5.13.4 caseIgnoreSubstringsMatch',
  ],
  [caseExact, '2.5.13.5 caseExactMatch 2.5.13.6 caseExactOrderingMatch 2.5.13.7 caseExactSubstringsMatch'],
  [
    numeric,
    '2.5.13.8 numericStringMatch 2.5.13.9 numericStringOrderingMatch 2.5.13.10 numericStringSubstringsMatch',
  ],
  [caseIgnore, '2.5.13.11 caseIgnoreListMatch 2.5.13.12 caseIgnoreListSubstringsMatch'],
  [boolean, '2.5.13.13 booleanMatch'],
  [integer, '2.5.13.14 integerMatch 2.5.13.15 integerOrderingMatch'],
  [
    octets,
    '2.5.13.17 octetStringMatch 2.5.13.18 octetStringOrderingMatch 2.5.13.19 octetStringSubstringsMatch',
  ],
  [telephone, '2.5.13.20 telephoneNumberMatch 2.5.13.21 telephoneNumberSubstringsMatch'],
  [time, '2.5.13.27 generalizedTimeMatch 2.5.13.28 generalizedTimeOrderingMatch'],
  [caseExactIa5, '1.3.6.1.4.1.1466.109.114.1 caseExactIA5Match caseExactIA5SubstringsMatch'],
  [
    caseIgnoreIa5,
    '1.3.6.1.4.1.1466.109.114.2 caseIgnoreIA5Match 1.3.6.1.4.1.1466.109.114.3 caseIgnoreIA5SubstringsMatch',
  ],
  [uuid, '1.3.6.1.1.16.2 UUIDMatch 1.3.6.1.1.16.3 UUIDOrderingMatch'],
  [octets, 'CSNMatch CSNOrderingMatch'],
] satisfies readonly (readonly [MatchingRule, string])[]) {
  for (const name of names.split(' ')) rules.set(name.toLowerCase(), rule)
}
