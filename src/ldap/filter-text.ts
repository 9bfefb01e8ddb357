import { type AttributeName, isAttributeName } from './attribute-name.ts'
import type { Filter, FilterHole } from './filter.ts'
import { LdapSyntaxError } from './syntax-error.ts'

type Build<T> = (holes: readonly FilterHole[]) => T
/** Stands for an interpolation while a template is read. A raw NUL is not allowed in the text form (RFC 4515). */
const hole = '\0'
const deepest = 100

/** Reads the fixed text of a template (or a whole text: one string) once, and returns what fills its holes. */
export function compileFilterText(strings: readonly string[]): Build<Filter> {
  for (const part of strings)
    if (part.includes(hole)) throw new LdapSyntaxError('filter', 'a raw NUL character')
  const reader = { text: strings.join(hole), at: 0, holes: 0, depth: 0 }
  skipSpace(reader)
  const build = readFilter(reader)
  skipSpace(reader)
  if (reader.at < reader.text.length) throw fault(reader, 'expected the end')
  return build
}

type Reader = { text: string; at: number; holes: number; depth: number }

function readFilter(reader: Reader): Build<Filter> {
  if (reader.text[reader.at] === hole) return filterHole(reader)
  expect(reader, '(')
  if (++reader.depth > deepest) throw fault(reader, `nested deeper than ${deepest}`)
  const build = readInside(reader)
  expect(reader, ')')
  reader.depth--
  return build
}

function readInside(reader: Reader): Build<Filter> {
  switch (reader.text[reader.at]) {
    case '&':
      return readList(reader, 'and')
    case '|':
      return readList(reader, 'or')
    case '!': {
      reader.at++
      skipSpace(reader)
      const inner = readFilter(reader)
      skipSpace(reader)
      return (holes) => ({ type: 'not', filter: inner(holes) })
    }
    default:
      return readItem(reader)
  }
}

function readList(reader: Reader, type: 'and' | 'or'): Build<Filter> {
  reader.at++
  const items: Build<Filter | readonly Filter[]>[] = []
  for (skipSpace(reader); reader.text[reader.at] !== ')'; skipSpace(reader)) {
    items.push(reader.text[reader.at] === hole ? listHole(reader) : readFilter(reader))
  }
  return (holes) => ({ type, filters: items.flatMap((build) => build(holes)) })
}

function readItem(reader: Reader): Build<Filter> {
  const match = /([^=<>~:()*\\\s]*)(:dn)?(?::([A-Za-z0-9._-]+))?(:=|[<>~]?=)/iy
  match.lastIndex = reader.at
  const found = match.exec(reader.text)
  if (!found) throw fault(reader, 'expected an attribute and an operator')
  const [all, name = '', dn, rule, operator] = found
  const attribute = name === '' ? undefined : readName(reader, name)
  reader.at += all.length
  if (operator === ':=') return readExtensible(reader, { attribute, rule, dnAttributes: dn !== undefined })
  if (dn !== undefined || rule !== undefined || !attribute) throw fault(reader, 'expected an attribute')
  const segments = readSegments(reader)
  if (operator === '=')
    return segments.length > 1 ? substrings(attribute, segments) : equality(attribute, segments)
  if (segments.length > 1) throw fault(reader, 'a wildcard after an ordering operator')
  return comparison(
    operator === '>=' ? 'greaterOrEqual' : operator === '<=' ? 'lessOrEqual' : 'approx',
    attribute,
    segments,
  )
}

function readName(reader: Reader, name: string): Build<string> {
  if (name === hole) {
    const index = reader.holes++
    return (holes) => attributeAt(holes, index)
  }
  if (!isAttributeName(name)) throw fault(reader, 'not an attribute name')
  return () => name
}

function readExtensible(
  reader: Reader,
  parts: { attribute: Build<string> | undefined; rule: string | undefined; dnAttributes: boolean },
): Build<Filter> {
  const { attribute, rule, dnAttributes } = parts
  if (!attribute && rule === undefined)
    throw fault(reader, 'an extensible match needs an attribute or a rule')
  const segments = readSegments(reader)
  if (segments.length > 1) throw fault(reader, 'a wildcard in an extensible match')
  const value = segmentOf(segments)
  return (holes) => ({
    type: 'extensible',
    ...(rule === undefined ? {} : { rule }),
    ...(attribute ? { attribute: attribute(holes) } : {}),
    value: value(holes),
    dnAttributes,
  })
}

const comparison = (
  type: 'equal' | 'greaterOrEqual' | 'lessOrEqual' | 'approx',
  attribute: Build<string>,
  segments: readonly Segment[],
): Build<Filter> => {
  const value = segmentOf(segments)
  return (holes) => ({ type, attribute: attribute(holes), value: value(holes) })
}

const equality = (attribute: Build<string>, segments: readonly Segment[]) =>
  comparison('equal', attribute, segments)

function substrings(attribute: Build<string>, segments: readonly Segment[]): Build<Filter> {
  const initial = segments[0]
  const final = segments.at(-1)
  const any = segments.slice(1, -1)
  if (!initial && !final && any.length === 0)
    return (holes) => ({ type: 'present', attribute: attribute(holes) })
  return (holes) => ({
    type: 'substrings',
    attribute: attribute(holes),
    ...(initial ? { initial: initial(holes) } : {}),
    any: any.map((segment) => (segment ? segment(holes) : Buffer.alloc(0))),
    ...(final ? { final: final(holes) } : {}),
  })
}

/** What stands between two wildcards: undefined when nothing does. */
type Segment = Build<Buffer> | undefined

const segmentOf = (segments: readonly Segment[]): Build<Buffer> => segments[0] ?? (() => Buffer.alloc(0))

function readSegments(reader: Reader): Segment[] {
  const end = endOfValue(reader)
  const segments = reader.text
    .slice(reader.at, end)
    .split('*')
    .map((part) => readSegment(reader, part))
  reader.at = end
  return segments
}

function endOfValue(reader: Reader): number {
  const end = reader.text.indexOf(')', reader.at)
  if (end < 0) throw fault(reader, 'expected )')
  if (reader.text.slice(reader.at, end).includes('('))
    throw fault(reader, String.raw`( in a value is written \28`)
  return end
}

function readSegment(reader: Reader, text: string): Segment {
  if (text === '') return undefined
  const parts = text.split(hole).map((part) => unescape(reader, part))
  const [only] = parts
  if (parts.length === 1 && only) return () => only
  const firstHole = reader.holes
  reader.holes += parts.length - 1
  if (parts.every((part) => part.length === 0) && parts.length === 2)
    return (holes) => bytesAt(holes, firstHole)
  return (holes) =>
    Buffer.concat(
      parts.flatMap((part, index) => (index === 0 ? [part] : [bytesAt(holes, firstHole + index - 1), part])),
    )
}

function unescape(reader: Reader, text: string): Buffer {
  if (!text.includes('\\')) return Buffer.from(text)
  const [before = '', ...escaped] = text.split('\\')
  const parts = escaped.map((part) => {
    if (!/^[0-9a-f]{2}/i.test(part)) throw fault(reader, String.raw`a \ needs two hexadecimal digits`)
    return Buffer.concat([Buffer.from(part.slice(0, 2), 'hex'), Buffer.from(part.slice(2))])
  })
  return Buffer.concat([Buffer.from(before), ...parts])
}

function filterHole(reader: Reader): Build<Filter> {
  const build = listHole(reader)
  return (holes) => {
    const filters = build(holes)
    if (filters.length !== 1 || !filters[0])
      throw new TypeError('filter: one filter belongs here, not a list')
    return filters[0]
  }
}

function listHole(reader: Reader): Build<readonly Filter[]> {
  reader.at++
  const index = reader.holes++
  return (holes) => {
    const given = holes[index]
    if (given !== undefined && isList(given)) return given
    if (typeof given === 'object' && 'type' in given) return [given]
    throw new TypeError('filter: only filters belong between filters')
  }
}

function bytesAt(holes: readonly FilterHole[], index: number): Buffer {
  const given = holes[index]
  if (typeof given === 'string') return Buffer.from(given)
  if (Buffer.isBuffer(given)) return given
  throw new TypeError('filter: only a string or a Buffer is a value')
}

function attributeAt(holes: readonly FilterHole[], index: number): string {
  const given = holes[index]
  if (isName(given)) return given.attribute
  throw new TypeError('filter: a name of an attribute goes through attr()')
}

const isList = (given: FilterHole): given is readonly Filter[] => Array.isArray(given)
const isName = (given: FilterHole | undefined): given is AttributeName =>
  typeof given === 'object' && 'attribute' in given && !('type' in given) && isAttributeName(given.attribute)

function expect(reader: Reader, char: string): void {
  if (reader.text[reader.at] !== char) throw fault(reader, `expected ${char}`)
  reader.at++
}

function skipSpace(reader: Reader): void {
  while (/\s/.test(reader.text[reader.at] ?? '')) reader.at++
}

function fault(reader: Reader, message: string): LdapSyntaxError {
  return new LdapSyntaxError('filter', `${message} at character ${reader.at + 1}`)
}
