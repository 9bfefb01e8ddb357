import type { DirectoryKind } from '../../../src/config/directory-schema.ts'
import { baseName } from '../../../src/ldap/attribute-name.ts'
import { matchingRule } from '../../../src/ldap/matching-rules.ts'
import { prepareExact, prepareIgnoringCase } from '../../../src/ldap/prepare.ts'
import { type AttributeType, DEFAULT_SCHEMA, type Schema } from '../../../src/ldap/schema.ts'
import type { Value } from '../../record.ts'
import { dnKeys } from './dn-key.ts'

/** What a directory's schema says about one attribute. */
export type AttributeRule = {
  readonly isBinary: boolean
  readonly isReference: boolean
  /** False: the server cannot tell single values apart (no EQUALITY), so that it takes all of them or none. */
  readonly isComparable: boolean
  readonly type: AttributeType | undefined
  /** The same for values that the server takes for equal. */
  key(value: Value): string
}

export type AttributeRules = {
  of(attribute: string): AttributeRule
  readonly dnKey: (text: string) => string
}

/** Of whoever has no schema to ask, what the standards say. `binary`: lower-cased names of more attributes whose values are bytes. */
export function attributeRules(
  schema: Schema | undefined,
  kind: DirectoryKind,
  binary: ReadonlySet<string>,
): AttributeRules {
  const known = schema ?? DEFAULT_SCHEMA
  const dnKey = dnKeys(known)
  const rules = new Map<string, AttributeRule>()
  const make = (attribute: string): AttributeRule => {
    const type = known.attributeType(attribute)
    const isBinary = binary.has(baseName(attribute)) || known.isBinary(attribute)
    const equality = type?.equality ?? equalityOf(type?.syntax, kind)
    return {
      isBinary,
      isReference: isReference(type, equality),
      isComparable: kind !== 'openldap' || type === undefined || type.equality !== undefined,
      type,
      key: isBinary ? bytesKey : textKey(equality, known, dnKey),
    }
  }
  return {
    dnKey,
    of: (attribute) => {
      let rule = rules.get(attribute)
      if (rule === undefined) rules.set(attribute, (rule = make(attribute)))
      return rule
    },
  }
}

/** Active Directory names no equality rules: the syntax decides (MS-ADTS, 3.1.1.2.2.4). */
function equalityOf(syntax: string | undefined, kind: DirectoryKind): string | undefined {
  if (syntax === undefined) return undefined
  return SYNTAXES[syntax] ?? (kind === 'active-directory' ? AD_SYNTAXES[syntax] : undefined)
}

const STANDARD = '1.3.6.1.4.1.1466.115.121.1'
const MICROSOFT = '1.2.840.113556.1.4'

const SYNTAXES: Readonly<Record<string, string>> = {
  [`${STANDARD}.7`]: 'booleanMatch',
  [`${STANDARD}.12`]: 'distinguishedNameMatch',
  [`${STANDARD}.24`]: 'generalizedTimeMatch',
  [`${STANDARD}.27`]: 'integerMatch',
  [`${STANDARD}.34`]: 'uniqueMemberMatch',
}

const AD_SYNTAXES: Readonly<Record<string, string>> = {
  [`${STANDARD}.15`]: 'caseIgnoreMatch',
  [`${STANDARD}.26`]: 'caseExactIA5Match',
  [`${STANDARD}.36`]: 'numericStringMatch',
  [`${STANDARD}.38`]: 'objectIdentifierMatch',
  [`${STANDARD}.44`]: 'caseExactIA5Match',
  [`${MICROSOFT}.905`]: 'caseIgnoreMatch',
  [`${MICROSOFT}.906`]: 'integerMatch',
  [`${MICROSOFT}.1362`]: 'caseExactMatch',
}

/** objectCategory is of the schema, which is there. */
const NO_REFERENCES: ReadonlySet<string> = new Set(['objectcategory', 'distinguishedname'])

function isReference(type: AttributeType | undefined, equality: string | undefined): boolean {
  if (type === undefined || type.noUserModification || type.operational) return false
  if (type.names.some((name) => NO_REFERENCES.has(name.toLowerCase()))) return false
  return isDn(equality)
}

function isDn(equality: string | undefined): boolean {
  return equality === 'distinguishedNameMatch' || equality === 'uniqueMemberMatch'
}

/** Most values are compared by these: from text to text, and a value that is its own key costs no copy. */
function textKey(
  equality: string | undefined,
  schema: Schema,
  dnKey: (text: string) => string,
): (value: Value) => string {
  if (equality === undefined) return asText
  if (isDn(equality)) return (value) => dnKey(asText(value))
  if (/^caseIgnore/i.test(equality)) return (value) => prepareIgnoringCase(asText(value))
  if (/^caseExact/i.test(equality)) return (value) => prepareExact(asText(value))
  const rule = matchingRule(equality)
  if (rule === undefined) return asText
  return (value) =>
    rule.normalize(typeof value === 'string' ? Buffer.from(value) : value, schema) ?? asText(value)
}

function asText(value: Value): string {
  return typeof value === 'string' ? value : value.toString('utf8')
}

/** Text where bytes belong (a password from an expression) is its UTF-8. */
function bytesKey(value: Value): string {
  return (typeof value === 'string' ? Buffer.from(value) : value).toString('latin1')
}
