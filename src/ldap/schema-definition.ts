import { LdapSyntaxError } from './syntax-error.ts'

/** The fields of one definition: `NAME` -> its names, `SUP` -> the OIDs, a word without values -> `[]`. */
export type Definition = { oid: string; fields: ReadonlyMap<string, readonly string[]> }

const token = /\s*('(?:[^'])*'|[()$]|[^\s()$']+)/y
// Words that stand alone: without this list `SINGLE-VALUE USAGE x` reads as a field with a value.
const alone = new Set(
  'OBSOLETE SINGLE-VALUE COLLECTIVE NO-USER-MODIFICATION ABSTRACT STRUCTURAL AUXILIARY'.split(' '),
)

/** Reads one description of RFC 4512, section 4.1: `( 2.5.4.3 NAME ( 'cn' 'commonName' ) SUP name )`. Throws LdapSyntaxError. */
export function parseDefinition(text: string): Definition {
  const tokens = tokenize(text)
  const oid = tokens[1]
  if (tokens[0] !== '(' || tokens.at(-1) !== ')' || oid === undefined) throw fault('expected ( oid … )')
  const fields = new Map<string, readonly string[]>()
  let at = 2
  while (at < tokens.length - 1) {
    const word = tokens[at++] ?? ''
    const values: string[] = []
    if (!alone.has(word)) {
      if (tokens[at] === '(') {
        const close = tokens.indexOf(')', at)
        if (close === tokens.length - 1) throw fault('an open parenthesis')
        values.push(...tokens.slice(at + 1, close).filter((value) => value !== '$'))
        at = close + 1
      } else values.push(tokens[at++] ?? '')
    }
    fields.set(word.toUpperCase(), values.map(unquote))
  }
  return { oid, fields }
}

function tokenize(text: string): string[] {
  const tokens: string[] = []
  token.lastIndex = 0
  const end = text.trimEnd().length
  while (token.lastIndex < end) {
    const [, found] = token.exec(text) ?? []
    if (found === undefined) throw fault('an open quotation mark')
    tokens.push(found)
  }
  return tokens
}

const unquote = (value: string): string =>
  value.startsWith("'")
    ? value.slice(1, -1).replace(/\\(27|5c)/gi, (_, code) => (code === '27' ? "'" : '\\'))
    : value

function fault(message: string): LdapSyntaxError {
  return new LdapSyntaxError('schema', message)
}

/** True for a text that parseDefinition takes. */
export function isDefinition(text: string): boolean {
  try {
    parseDefinition(text)
    return true
  } catch {
    return false
  }
}
