import { SEQUENCE } from './ber-reader.ts'
import type { BerReader } from './ber-reader.ts'
import type { BerWriter } from './ber-writer.ts'
import { protocolFailure } from './failure.ts'
import type { Filter } from './filter.ts'

const AND = 0xa0
const OR = 0xa1
const NOT = 0xa2
const SUBSTRINGS = 0xa4
const PRESENT = 0x87
const EXTENSIBLE = 0xa9

const COMPARISONS = { equal: 0xa3, greaterOrEqual: 0xa5, lessOrEqual: 0xa6, approx: 0xa8 } as const
const COMPARISON_OF_TAG = new Map<number, keyof typeof COMPARISONS>([
  [0xa3, 'equal'],
  [0xa5, 'greaterOrEqual'],
  [0xa6, 'lessOrEqual'],
  [0xa8, 'approx'],
])

/** Nesting that we send or take. A hostile filter must not exhaust the stack; slapd refuses about as many. */
const MAX_DEPTH = 100

/** Filter (RFC 4511, 4.5.1.7). */
export function writeFilter(writer: BerWriter, filter: Filter, depth = 0): void {
  if (depth > MAX_DEPTH) throw protocolFailure('filter nested too deeply')
  switch (filter.type) {
    case 'present':
      return writer.text(filter.attribute, PRESENT)
    case 'and':
    case 'or': {
      const set = writer.begin(filter.type === 'and' ? AND : OR)
      for (const part of filter.filters) writeFilter(writer, part, depth + 1)
      return writer.end(set)
    }
    case 'not': {
      const not = writer.begin(NOT)
      writeFilter(writer, filter.filter, depth + 1)
      return writer.end(not)
    }
    case 'substrings':
      return writeSubstrings(writer, filter)
    case 'extensible':
      return writeExtensible(writer, filter)
    default: {
      const comparison = writer.begin(COMPARISONS[filter.type])
      writer.text(filter.attribute)
      writer.bytes(filter.value)
      return writer.end(comparison)
    }
  }
}

function writeSubstrings(writer: BerWriter, filter: Filter & { type: 'substrings' }): void {
  const substrings = writer.begin(SUBSTRINGS)
  writer.text(filter.attribute)
  const parts = writer.begin(SEQUENCE)
  if (filter.initial !== undefined) writer.bytes(filter.initial, 0x80)
  for (const part of filter.any) writer.bytes(part, 0x81)
  if (filter.final !== undefined) writer.bytes(filter.final, 0x82)
  writer.end(parts)
  writer.end(substrings)
}

function writeExtensible(writer: BerWriter, filter: Filter & { type: 'extensible' }): void {
  const extensible = writer.begin(EXTENSIBLE)
  if (filter.rule !== undefined) writer.text(filter.rule, 0x81)
  if (filter.attribute !== undefined) writer.text(filter.attribute, 0x82)
  writer.bytes(filter.value, 0x83)
  if (filter.dnAttributes) writer.boolean(true, 0x84)
  writer.end(extensible)
}

export function readFilter(reader: BerReader, depth = 0): Filter {
  if (depth > MAX_DEPTH) throw protocolFailure('filter nested too deeply')
  const tag = reader.peek()
  const comparison = COMPARISON_OF_TAG.get(tag)
  if (comparison !== undefined) {
    const outer = reader.enter(tag)
    const filter = { type: comparison, attribute: reader.text(), value: reader.bytes() }
    reader.leave(outer)
    return filter
  }
  if (tag === AND || tag === OR) return readSet(reader, tag, depth)
  if (tag === NOT) {
    const outer = reader.enter(NOT)
    const filter = readFilter(reader, depth + 1)
    reader.leave(outer)
    return { type: 'not', filter }
  }
  if (tag === PRESENT) return { type: 'present', attribute: reader.text(PRESENT) }
  if (tag === SUBSTRINGS) return readSubstrings(reader)
  if (tag === EXTENSIBLE) return readExtensible(reader)
  throw protocolFailure(`unknown filter 0x${tag.toString(16)}`)
}

function readSet(reader: BerReader, tag: number, depth: number): Filter {
  const outer = reader.enter(tag)
  const filters: Filter[] = []
  while (reader.more) filters.push(readFilter(reader, depth + 1))
  reader.leave(outer)
  return { type: tag === AND ? 'and' : 'or', filters }
}

function readSubstrings(reader: BerReader): Filter {
  const outer = reader.enter(SUBSTRINGS)
  const attribute = reader.text()
  const list = reader.enter(SEQUENCE)
  if (!reader.more) throw protocolFailure('substring filter without a part')
  const initial = reader.peek() === 0x80 ? reader.bytes(0x80) : undefined
  const any: Buffer[] = []
  while (reader.peek() === 0x81) any.push(reader.bytes(0x81))
  const final = reader.peek() === 0x82 ? reader.bytes(0x82) : undefined
  reader.leave(list)
  reader.leave(outer)
  return { type: 'substrings', attribute, any, ...(initial && { initial }), ...(final && { final }) }
}

function readExtensible(reader: BerReader): Filter {
  const outer = reader.enter(EXTENSIBLE)
  const rule = reader.peek() === 0x81 ? reader.text(0x81) : undefined
  const attribute = reader.peek() === 0x82 ? reader.text(0x82) : undefined
  const value = reader.bytes(0x83)
  const dnAttributes = reader.peek() === 0x84 ? reader.boolean(0x84) : false
  reader.leave(outer)
  return {
    type: 'extensible',
    value,
    dnAttributes,
    ...(rule !== undefined && { rule }),
    ...(attribute !== undefined && { attribute }),
  }
}
