import type { Filter } from './filter.ts'

/** The attributes that a filter asks about: what an entry must carry for `matches` to decide. */
export function filterAttributes(filter: Filter): string[] {
  switch (filter.type) {
    case 'and':
    case 'or':
      return filter.filters.flatMap(filterAttributes)
    case 'not':
      return filterAttributes(filter.filter)
    case 'extensible':
      return filter.attribute === undefined ? [] : [filter.attribute]
    default:
      return [filter.attribute]
  }
}
