import { BerReader, SEQUENCE, SET } from './ber-reader.ts'

/** The attributes of an entry as they came (PartialAttributeList, RFC 4511, 4.5.2): what a `WireEntry` is a view of. */
export type PackedAttributes = { readonly buffer: Buffer; readonly start: number; readonly end: number }

const BINARY_OPTION = ';binary'

/** Names as the server spells them, those without values left out. */
export function scanNames({ buffer, start, end }: PackedAttributes): string[] {
  const reader = new BerReader(buffer, start, end)
  const names: string[] = []
  while (reader.more) {
    const outer = reader.enter(SEQUENCE)
    const name = reader.text()
    if (reader.header(SET) > 0) names.push(name)
    reader.offset = reader.end
    reader.end = outer
  }
  return names
}

/**
 * Calls `visit` with the place of each value of the attribute, without making objects of the others. `name` in lower case; `userCertificate` and
 * `userCertificate;binary` are one (RFC 4522).
 */
export function scanValues(
  attributes: PackedAttributes,
  name: string,
  visit: (start: number, end: number) => void,
): void {
  const { buffer } = attributes
  const set = seekValues(attributes, name)
  if (set < 0) return
  const end = endOf(buffer, set)
  for (let at = contentOf(buffer, set); at < end; at = endOf(buffer, at))
    visit(contentOf(buffer, at), endOf(buffer, at))
}

/**
 * Whether two entries hold the same values of an attribute in the same order, by their bytes: without looking at any. False where either has none. Names in
 * lower case.
 */
export function haveSameBytes(
  one: PackedAttributes,
  name: string,
  other: PackedAttributes,
  otherName: string,
): boolean {
  const [left, right] = [seekValues(one, name), seekValues(other, otherName)]
  if (left < 0 || right < 0) return false
  const [start, end] = [contentOf(one.buffer, left), endOf(one.buffer, left)]
  const [otherStart, otherEnd] = [contentOf(other.buffer, right), endOf(other.buffer, right)]
  if (start === end || end - start !== otherEnd - otherStart) return false
  return one.buffer.compare(other.buffer, otherStart, otherEnd, start, end) === 0
}

/** Where the values of the attribute (a SET) begin; -1 when it is not there. */
function seekValues({ buffer, start, end }: PackedAttributes, name: string): number {
  for (let at = start; at < end; at = endOf(buffer, at)) {
    const type = contentOf(buffer, at)
    const values = endOf(buffer, type)
    const text = contentOf(buffer, type)
    if (isName(buffer, text, values - text, name)) return values
  }
  return -1
}

// A side asks for attributes millions of times, of messages whose structure was checked when they came.

/** Where the content of the element at `at` begins: behind its tag of one byte and its length. */
function contentOf(buffer: Buffer, at: number): number {
  const first = buffer[at + 1] ?? 0
  return at + 2 + (first < 0x80 ? 0 : first & 0x7f)
}

function endOf(buffer: Buffer, at: number): number {
  const first = buffer[at + 1] ?? 0
  if (first < 0x80) return at + 2 + first
  const bytes = first & 0x7f
  return at + 2 + bytes + buffer.readUIntBE(at + 2, bytes)
}

function isName(buffer: Buffer, at: number, length: number, name: string): boolean {
  if (length === name.length) return isText(buffer, at, name)
  const rest = length - name.length
  return (
    rest === BINARY_OPTION.length &&
    isText(buffer, at, name) &&
    isText(buffer, at + name.length, BINARY_OPTION)
  )
}

function isText(buffer: Buffer, at: number, lower: string): boolean {
  for (let index = 0; index < lower.length; index++) {
    const found = buffer[at + index] ?? 0
    const small = found >= 0x41 && found <= 0x5a ? found + 0x20 : found
    if (small !== lower.charCodeAt(index)) return false
  }
  return true
}
