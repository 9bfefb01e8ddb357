import { type Filter, formatFilter, parseFilter } from '../../src/ldap/filter.ts'
import { LdapSyntaxError } from '../../src/ldap/syntax-error.ts'

/** What LSC's filter for one entry says about all of them: which entries there are, and which attribute holds which pivot. */
export type InvertedFilter = {
  /** Without the pivots; null when that leaves nothing. */
  readonly within: string | null
  /** Alternatives. */
  readonly matches: readonly PivotMatch[]
}
/** `attribute` holds the pivot, with these texts around it. Pivots are named in lower case. */
export type PivotMatch = {
  readonly attribute: string
  readonly pivot: string
  readonly before: string
  readonly after: string
}

/**
 * Reads a filter with pivots in braces, `(&(objectClass=person)(uid={uid}))`, the other way round, so that two searches do what one search for each entry did.
 * Answers a text that says why that is not possible.
 */
export function invertFilter(text: string, pivots: readonly string[]): InvertedFilter | string {
  try {
    const { fixed, matches } = split(parseFilter(text), new Set(pivots.map((name) => name.toLowerCase())))
    if (matches.length === 0) return 'the filter names no pivot, as in (uid={uid})'
    const [only, ...others] = fixed
    const within = only && (others.length === 0 ? only : ({ type: 'and', filters: fixed } as const))
    return { within: within === undefined ? null : formatFilter(within), matches }
  } catch (error) {
    if (error instanceof LdapSyntaxError) return `the filter cannot be read: ${error.message}`
    if (error instanceof NotInvertible) return error.message
    throw error
  }
}

/** Whether two filters are the same but for the case of letters and blanks. */
export function areSameFilter(one: string, other: string): boolean {
  const form = (text: string): string => formatFilter(parseFilter(text)).toLowerCase()
  return form(one) === form(other)
}

/** What both filters let through, without saying anything twice. */
export function bothFilters(one: string, other: string): string {
  const parts = new Map<string, Filter>()
  const collect = (filter: Filter): void => {
    if (filter.type === 'and') filter.filters.forEach(collect)
    else parts.set(formatFilter(filter).toLowerCase(), filter)
  }
  collect(parseFilter(one))
  collect(parseFilter(other))
  const [first, ...others] = parts.values()
  if (first === undefined) return one
  return formatFilter(others.length === 0 ? first : { type: 'and', filters: [first, ...others] })
}

class NotInvertible extends Error {}

type Parts = { readonly fixed: readonly Filter[]; readonly matches: readonly PivotMatch[] }

const hole = /\{([^{}]+)\}/

function split(filter: Filter, pivots: ReadonlySet<string>): Parts {
  if (filter.type === 'equal') {
    const value = filter.value.toString()
    return hole.test(value)
      ? { fixed: [], matches: [matchOf(filter.attribute, value)] }
      : { fixed: [filter], matches: [] }
  }
  if (filter.type !== 'and' && filter.type !== 'or') {
    // Others stand for themselves: (userPassword={SSHA}*).
    const named = formatFilter(filter).matchAll(/\{([^{}]+)\}/g)
    if (named.some(([, name = '']) => pivots.has(name.toLowerCase())))
      throw new NotInvertible('a pivot can only be compared by =, alone or in & and |')
    return { fixed: [filter], matches: [] }
  }
  const parts = filter.filters.map((each) => split(each, pivots))
  const fixed = parts.flatMap((part) => part.fixed)
  const withPivots = parts.filter(({ matches }) => matches.length > 0)
  if (filter.type === 'or') {
    if (withPivots.length === 0) return { fixed: [filter], matches: [] }
    if (fixed.length > 0)
      throw new NotInvertible('an alternative to a pivot that is none cannot be read in bulk')
  }
  if (filter.type === 'and' && withPivots.length > 1)
    throw new NotInvertible('entries that are told apart by several pivots together cannot be read in bulk')
  return { fixed, matches: withPivots.flatMap(({ matches }) => matches) }
}

function matchOf(attribute: string, value: string): PivotMatch {
  const [before = '', pivot = '', after = ''] = value.split(hole)
  if (value.split(hole).length > 3)
    throw new NotInvertible('a value of several pivots cannot be read in bulk')
  return { attribute, pivot: pivot.toLowerCase(), before, after }
}
