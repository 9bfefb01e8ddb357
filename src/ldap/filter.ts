import { type AttributeName, isAttributeName } from './attribute-name.ts'
import { compileFilterText } from './filter-text.ts'
import { hexPairs } from './hex-pairs.ts'

/** A search filter (RFC 4511, section 4.5.1.7). Values are bytes: nothing in them is special. */
export type Filter =
  | { type: 'and' | 'or'; filters: readonly Filter[] }
  | { type: 'not'; filter: Filter }
  | { type: 'equal' | 'greaterOrEqual' | 'lessOrEqual' | 'approx'; attribute: string; value: Buffer }
  | { type: 'substrings'; attribute: string; initial?: Buffer; any: readonly Buffer[]; final?: Buffer }
  | { type: 'present'; attribute: string }
  | { type: 'extensible'; rule?: string; attribute?: string; value: Buffer; dnAttributes: boolean }

/** What may stand in a `filter` template: a value, a checked attribute name (`attr`), or filters at filter positions. */
export type FilterHole = string | Buffer | AttributeName | Filter | readonly Filter[]

/**
 * Reads the text form of RFC 4515, for filters that an administrator wrote. White space between filters is allowed.
 * Never build its argument from values: that is what the `filter` template is for. Throws LdapSyntaxError.
 */
export function parseFilter(text: string): Filter {
  return compileFilterText([text])([])
}

const compiled = new WeakMap<TemplateStringsArray, (holes: readonly FilterHole[]) => Filter>()

/**
 * The only way from values to a filter: filter`(&(objectClass=person)(cn=*${name}*))`. The text is read once per
 * call site; values become bytes of the syntax tree and are never read as text, so they cannot change its shape.
 * A value where a filter belongs, or the reverse, is a TypeError.
 */
export function filter(strings: TemplateStringsArray, ...holes: readonly FilterHole[]): Filter {
  let build = compiled.get(strings)
  // raw: the escapes of RFC 4515 (\2a) are not those of JavaScript.
  if (!build) compiled.set(strings, (build = compileFilterText(strings.raw)))
  return build(holes)
}

/** The text form of RFC 4515, for logs, command lines and URLs. Throws a TypeError for a name that is none. */
export function formatFilter(given: Filter): string {
  switch (given.type) {
    case 'and':
      return `(&${given.filters.map(formatFilter).join('')})`
    case 'or':
      return `(|${given.filters.map(formatFilter).join('')})`
    case 'not':
      return `(!${formatFilter(given.filter)})`
    case 'present':
      return `(${checked(given.attribute)}=*)`
    case 'substrings': {
      const parts = [given.initial, ...given.any, given.final]
      return `(${checked(given.attribute)}=${parts.map((part) => (part ? escapeValue(part) : '')).join('*')})`
    }
    case 'extensible': {
      const rule = given.rule === undefined ? '' : `:${checked(given.rule)}`
      const attribute = given.attribute === undefined ? '' : checked(given.attribute)
      return `(${attribute}${given.dnAttributes ? ':dn' : ''}${rule}:=${escapeValue(given.value)})`
    }
    default:
      return `(${checked(given.attribute)}${operators[given.type]}${escapeValue(given.value)})`
  }
}

const operators = { equal: '=', greaterOrEqual: '>=', lessOrEqual: '<=', approx: '~=' } as const

function checked(name: string): string {
  if (!isAttributeName(name)) throw new TypeError('not an attribute name')
  return name
}

function escapeValue(value: Buffer): string {
  const text = value.toString('utf8')
  // Bytes that are not UTF-8 (a GUID, say) are written byte by byte, or they would come back as U+FFFD.
  return Buffer.from(text).equals(value) ? text.replace(/[\p{Cc}()*\\]/gu, hexPairs) : hexPairs(value)
}
