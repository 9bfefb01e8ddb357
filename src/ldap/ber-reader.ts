import { protocolFailure } from './failure.ts'

/** Universal tags (X.690) that LDAP uses. */
export const BOOLEAN = 0x01
export const INTEGER = 0x02
export const OCTET_STRING = 0x04
export const ENUMERATED = 0x0a
export const SEQUENCE = 0x30
export const SET = 0x31

const EMPTY = Buffer.alloc(0)

/**
 * Reads BER elements from a buffer, one after the other, never past `end`.
 * Every fault is an `LdapFailure` of kind `protocol`. Values are views of the buffer, not copies.
 * Only what RFC 4511, 5.1 allows is taken: definite lengths, tags of one byte.
 */
export class BerReader {
  readonly buffer: Buffer
  offset: number
  end: number

  constructor(buffer: Buffer, offset = 0, end = buffer.length) {
    this.buffer = buffer
    this.offset = offset
    this.end = end
  }

  /** Whether the current element has more to read. */
  get more(): boolean {
    return this.offset < this.end
  }

  /** The next tag, without moving; -1 at the end. */
  peek(): number {
    return this.offset < this.end ? (this.buffer[this.offset] ?? -1) : -1
  }

  /** Reads a header that must have this tag and gives the length of its content, which is wholly there. */
  header(tag: number): number {
    if (this.offset >= this.end) throw protocolFailure(`element 0x${tag.toString(16)} is missing`)
    const found = this.buffer[this.offset]
    if (found !== tag)
      throw protocolFailure(`expected tag 0x${tag.toString(16)}, found 0x${found?.toString(16)}`)
    this.offset += 1
    return this.#length()
  }

  #length(): number {
    const first = this.offset < this.end ? this.buffer[this.offset] : undefined
    if (first === undefined) throw protocolFailure('an element ends before its length')
    this.offset += 1
    const length = first < 0x80 ? first : this.#longLength(first & 0x7f)
    if (length > this.end - this.offset) throw protocolFailure('an element is longer than what holds it')
    return length
  }

  #longLength(bytes: number): number {
    // Active Directory and 389-DS write every length in four bytes: non-minimal forms are legal in BER.
    if (bytes === 0 || bytes > 4) throw protocolFailure(`length of ${bytes} bytes`)
    if (bytes > this.end - this.offset) throw protocolFailure('an element ends within its length')
    const length = this.buffer.readUIntBE(this.offset, bytes)
    this.offset += bytes
    return length
  }

  /** Enters a constructed element; give the returned outer end to `leave`. */
  enter(tag: number): number {
    const length = this.header(tag)
    const outer = this.end
    this.end = this.offset + length
    return outer
  }

  /** Leaves a constructed element whose content must have been read to its end. */
  leave(outer: number): void {
    if (this.offset !== this.end) throw protocolFailure('an element has more content than expected')
    this.end = outer
  }

  /** Leaves a constructed element and whatever follows in it (an extensible sequence, `...` in the ASN.1). */
  leaveRest(outer: number): void {
    while (this.offset < this.end) this.skip()
    this.end = outer
  }

  /** Passes over one element, of any tag when none is given. */
  skip(tag = this.peek()): void {
    const length = this.header(tag) // moves the offset: `+=` would read it too early
    this.offset += length
  }

  bytes(tag = OCTET_STRING): Buffer {
    const length = this.header(tag)
    if (length === 0) return EMPTY
    const start = this.offset
    this.offset = start + length
    return this.buffer.subarray(start, this.offset)
  }

  text(tag = OCTET_STRING): string {
    const length = this.header(tag)
    if (length === 0) return ''
    const start = this.offset
    this.offset = start + length
    return this.buffer.toString('utf8', start, this.offset)
  }

  /** An INTEGER or ENUMERATED of at most four bytes: all that LDAP has. */
  integer(tag = INTEGER): number {
    const length = this.header(tag)
    if (length === 0 || length > 4) throw protocolFailure(`integer of ${length} bytes`)
    const value = this.buffer.readIntBE(this.offset, length)
    this.offset += length
    return value
  }

  boolean(tag = BOOLEAN): boolean {
    if (this.header(tag) !== 1) throw protocolFailure('boolean that is not one byte')
    const value = this.buffer[this.offset]
    this.offset += 1
    return value !== 0
  }
}
