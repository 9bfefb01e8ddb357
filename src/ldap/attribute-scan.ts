import { BerReader, OCTET_STRING, SEQUENCE, SET } from './ber-reader.ts'

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
  { buffer, start, end }: PackedAttributes,
  name: string,
  visit: (start: number, end: number) => void,
): void {
  const reader = new BerReader(buffer, start, end)
  while (reader.more) {
    const outer = reader.enter(SEQUENCE)
    const length = reader.header(OCTET_STRING)
    const isWanted = isName(buffer, reader.offset, length, name)
    reader.offset += length
    if (isWanted) {
      reader.header(SET)
      while (reader.more) {
        const size = reader.header(OCTET_STRING)
        visit(reader.offset, reader.offset + size)
        reader.offset += size
      }
    }
    reader.offset = reader.end
    reader.end = outer
  }
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
