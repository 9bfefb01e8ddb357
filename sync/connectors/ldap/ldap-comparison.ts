import type { DirectoryKind } from '../../../src/config/directory-schema.ts'
import type { Schema } from '../../../src/ldap/schema.ts'
import type { Values } from '../../record.ts'
import type { Comparison } from '../connector.ts'
import type { AttributeRules } from './attribute-rules.ts'

/** Written by the domain controller alone, although its schema does not say so. */
const AD_OWN: ReadonlySet<string> = new Set(['name', 'distinguishedname', 'primarygrouptoken'])

/** Hashed when they are written, or never given to anybody. */
const PASSWORDS: ReadonlySet<string> = new Set(['userpassword', 'unicodepwd'])

/**
 * How a directory tells values apart: by the matching rules of its schema. (LSC compared byte by byte, but found entries by filters, which the server
 * compares by its rules: `compat: lsc` is for values of a pair, not for pivots.)
 */
export function ldapComparison(
  rules: AttributeRules,
  schema: Schema | undefined,
  kind: DirectoryKind,
): Comparison {
  return {
    key: (attribute, value) => rules.of(attribute).key(value),
    names: 'dn',
    sameName: (one, other) => one === other || rules.dnKey(one) === rules.dnKey(other),
    isReference: (attribute) => rules.of(attribute).isReference,
    isRequired: (attribute, objectClasses) => {
      const names = new Set(rules.of(attribute).type?.names.map((name) => name.toLowerCase()))
      return objectClasses
        .flatMap((name) => schema?.superclasses(String(name)) ?? [])
        .some(({ must }) => must.some((name) => names.has(name.toLowerCase())))
    },
    isSingleValued: (attribute) => rules.of(attribute).type?.singleValue ?? false,
    asHeld: (attribute, wanted, present) =>
      schema !== undefined && attribute.toLowerCase() === 'objectclass'
        ? classesAsHeld(schema, wanted, present)
        : wanted,
    isShown: (attribute) => !PASSWORDS.has(attribute.toLowerCase()),
    isWritable: (attribute) =>
      rules.of(attribute).type?.noUserModification !== true &&
      !(kind === 'active-directory' && AD_OWN.has(attribute.toLowerCase())),
    isKnown: (attribute) => schema && schema.attributeType(attribute) !== undefined,
  }
}

/** Active Directory lists every superclass of an entry's classes, OpenLDAP those that were written, 389-DS either: all mean the same. */
function classesAsHeld(schema: Schema, wanted: Values, present: Values): Values {
  const [ofWanted, ofPresent] = [withSuperclasses(schema, wanted), withSuperclasses(schema, present)]
  const key = (value: Values[number]): string => String(value).toLowerCase()
  const written = new Set(present.map(key))
  return [
    ...present.filter((value) => ofWanted.has(key(value))),
    ...wanted.filter((value) => !written.has(key(value)) && !ofPresent.has(key(value))),
  ]
}

function withSuperclasses(schema: Schema, classes: Values): ReadonlySet<string> {
  const all = classes.flatMap((name) => [
    String(name),
    ...schema.superclasses(String(name)).flatMap(({ names }) => names),
  ])
  return new Set(all.map((name) => name.toLowerCase()))
}
