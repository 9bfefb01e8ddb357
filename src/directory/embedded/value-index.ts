import type { Attribute, Entry } from '../../ldap/entry.ts'
import { baseName } from '../../ldap/attribute-name.ts'
import { type MatchingRule, matchingRule } from '../../ldap/matching-rules.ts'
import type { Schema } from '../../ldap/schema.ts'

/** Attributes found by a value; the first line also by a part of a value. */
const substringIndexed = 'uid mail cn sn givenName displayName telephoneNumber mobile homePhone'.split(' ')
const equalityIndexed = (
  'objectClass employeeNumber entryUUID member uniqueMember manager owner secretary roleOccupant seeAlso ou o l dc ' +
  'title departmentNumber uidNumber gidNumber memberUid pwdReset pwdPolicySubentry'
).split(' ')

type Terms<T> = { rule: MatchingRule; hasParts: boolean; byTerm: Map<string, Set<T>> }

/** Which items have a value. `undefined` means that this index cannot tell, not that there is none. */
export type ValueIndex<T> = {
  /** Moves an item from its old entry (undefined: new) to its new one (undefined: gone). */
  update(item: T, before: Entry | undefined, after: Entry | undefined): void
  equal(attribute: string, value: Buffer): ReadonlySet<T> | undefined
  /** The smallest set that a piece of the assertion leads to; the values still have to be compared. */
  containing(attribute: string, parts: readonly Buffer[]): ReadonlySet<T> | undefined
}

/** An empty index of the attributes above, by their equality rules. */
export function makeValueIndex<T>(schema: Schema): ValueIndex<T> {
  const indexes = new Map<string, Terms<T>>()
  for (const name of [...substringIndexed, ...equalityIndexed]) {
    const rule = matchingRule(schema.equalityRule(name) ?? '')
    const hasParts = substringIndexed.includes(name)
    const terms = rule && { rule, hasParts, byTerm: new Map<string, Set<T>>() }
    for (const alias of terms ? schema.subtypes(name) : []) if (terms) indexes.set(alias, terms)
  }
  const none: ReadonlySet<T> = new Set()
  return {
    update(item, before, after) {
      for (const [key, attribute] of before?.attributes ?? []) {
        // Attributes are replaced, never changed: the same object has the same values.
        if (after?.attributes.get(key) === attribute) continue
        const terms = indexes.get(baseName(key))
        if (terms) for (const term of termsOf(terms, attribute, schema)) drop(terms.byTerm, term, item)
      }
      for (const [key, attribute] of after?.attributes ?? []) {
        if (before?.attributes.get(key) === attribute) continue
        const terms = indexes.get(baseName(key))
        if (terms) for (const term of termsOf(terms, attribute, schema)) put(terms.byTerm, term, item)
      }
    },
    equal(attribute, value) {
      const terms = indexes.get(baseName(attribute))
      const normalized = terms?.rule.normalize(value, schema)
      return terms && (terms.byTerm.get(`=${normalized}`) ?? none)
    },
    containing(attribute, parts) {
      const terms = indexes.get(baseName(attribute))
      if (!terms?.hasParts) return undefined
      const grams = parts.flatMap((part) => trigrams(terms.rule.fragment?.(part, 'any') ?? ''))
      const sets = grams.map((gram) => terms.byTerm.get(gram) ?? none)
      return sets.length === 0
        ? undefined
        : sets.reduce((left, right) => (right.size < left.size ? right : left))
    },
  }
}

function termsOf<T>({ rule, hasParts }: Terms<T>, { name, values }: Attribute, schema: Schema): Set<string> {
  const terms = new Set<string>()
  for (const value of values) {
    const normalized = rule.normalize(value, schema)
    if (normalized === undefined) continue
    terms.add(`=${normalized}`)
    if (hasParts) for (const gram of trigrams(normalized)) terms.add(gram)
    // An inetOrgPerson is a person too, listed or not.
    if (name.toLowerCase() !== 'objectclass') continue
    for (const { oid } of schema.superclasses(value.toString())) terms.add(`=${oid}`)
  }
  return terms
}

function trigrams(text: string): string[] {
  const grams: string[] = []
  for (let at = 0; at + 3 <= text.length; at++) grams.push(text.slice(at, at + 3))
  return grams
}

function put<T>(byTerm: Map<string, Set<T>>, term: string, item: T): void {
  const found = byTerm.get(term)
  if (found) found.add(item)
  else byTerm.set(term, new Set([item]))
}

function drop<T>(byTerm: Map<string, Set<T>>, term: string, item: T): void {
  const found = byTerm.get(term)
  found?.delete(item)
  if (found?.size === 0) byTerm.delete(term)
}
