import type { SortKey, SortResult } from '../../ldap/controls/server-side-sort.ts'
import type { Entry } from '../../ldap/entry.ts'
import { type MatchingRule, matchingRule } from '../../ldap/matching-rules.ts'
import type { Schema } from '../../ldap/schema.ts'

type Sorting = { names: readonly string[]; rule: MatchingRule; sign: 1 | -1 }

/** Sorts what a search found (RFC 2891); entries without the attribute come last. Unsorted when a key cannot be used. */
export function sortEntries<T>(
  schema: Schema,
  items: readonly T[],
  keys: readonly SortKey[],
  entryOf: (item: T) => Entry,
): { items: readonly T[]; result: SortResult } {
  const sortings: Sorting[] = []
  for (const { attribute, rule: asked, reverse } of keys) {
    const type = schema.attributeType(attribute)
    if (!type) return { items, result: { code: 16, attribute } }
    // slapd insists on an ordering rule; here the equality rule's order stands in, so that `uid` sorts.
    const rule = matchingRule(asked ?? type.ordering ?? type.equality ?? '')
    if (!rule?.order) return { items, result: { code: 18, attribute } }
    sortings.push({ names: [...schema.subtypes(attribute)], rule, sign: reverse ? -1 : 1 })
  }
  const rows = items.map((item) => {
    const entry = entryOf(item)
    return { item, columns: sortings.map((sorting) => lowest(schema, sorting, entry)) }
  })
  rows.sort((left, right) => {
    for (const [index, sorting] of sortings.entries()) {
      const order = compareColumns(sorting, left.columns[index], right.columns[index])
      if (order !== 0) return order
    }
    return 0
  })
  return { items: rows.map(({ item }) => item), result: { code: 0 } }
}

/** The value that counts for a place in the list: the lowest one. */
function lowest(schema: Schema, { names, rule }: Sorting, entry: Entry): string | undefined {
  const values = names.flatMap((name) => entry.attributes.get(name)?.values ?? [])
  const normalized = values.flatMap((value) => rule.normalize(value, schema) ?? [])
  return normalized.toSorted(rule.order)[0]
}

function compareColumns(
  { rule, sign }: Sorting,
  left: string | undefined,
  right: string | undefined,
): number {
  if (left === undefined || right === undefined)
    return (left === undefined ? 1 : 0) - (right === undefined ? 1 : 0)
  return (rule.order?.(left, right) ?? 0) * sign
}
