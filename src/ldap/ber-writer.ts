import { BOOLEAN, ENUMERATED, INTEGER, OCTET_STRING } from './ber-reader.ts'

const SLAB = 16 * 1024

/**
 * Writes BER elements into one growing buffer. `take` gives what was written since the last `take` and goes on behind
 * it in the same slab, so that many small messages cost one allocation and one write to the socket.
 */
export class BerWriter {
  #buffer: Buffer
  #start = 0
  #offset = 0

  constructor(size = SLAB) {
    this.#buffer = Buffer.allocUnsafeSlow(size)
  }

  /** Bytes written and not yet taken. */
  get pending(): number {
    return this.#offset - this.#start
  }

  /** The bytes written since the last call. They are never written over afterwards. */
  take(): Buffer {
    const bytes = this.#buffer.subarray(this.#start, this.#offset)
    this.#start = this.#offset
    return bytes
  }

  /** Forgets what was written from `mark` on (a value of `pending`), for a message whose encoding failed half-way. */
  rewind(mark: number): void {
    this.#offset = this.#start + mark
  }

  #reserve(size: number): void {
    if (this.#buffer.length - this.#offset >= size) return
    const pending = this.pending
    const grown = Buffer.allocUnsafeSlow(Math.max(SLAB, 2 * (pending + size)))
    this.#buffer.copy(grown, 0, this.#start, this.#offset)
    this.#buffer = grown
    this.#start = 0
    this.#offset = pending
  }

  /** Begins a constructed element; give the returned mark to `end`. */
  begin(tag: number): number {
    this.#reserve(2)
    this.#buffer[this.#offset] = tag
    this.#offset += 2 // one byte for the length: `end` makes room when it needs more
    return this.pending
  }

  end(mark: number): void {
    const content = this.#start + mark
    const length = this.#offset - content
    if (length < 0x80) {
      this.#buffer[content - 1] = length
      return
    }
    const extra = lengthBytes(length)
    this.#reserve(extra)
    const moved = this.#start + mark // reserving may have moved everything
    this.#buffer.copyWithin(moved + extra, moved, this.#offset)
    this.#buffer[moved - 1] = 0x80 | extra
    this.#buffer.writeUIntBE(length, moved, extra)
    this.#offset += extra
  }

  #header(tag: number, length: number): void {
    this.#buffer[this.#offset++] = tag
    if (length < 0x80) {
      this.#buffer[this.#offset++] = length
      return
    }
    const extra = lengthBytes(length)
    this.#buffer[this.#offset++] = 0x80 | extra
    this.#offset = this.#buffer.writeUIntBE(length, this.#offset, extra)
  }

  bytes(value: Uint8Array, tag = OCTET_STRING): void {
    this.#reserve(value.length + 6)
    this.#header(tag, value.length)
    this.#buffer.set(value, this.#offset)
    this.#offset += value.length
  }

  text(value: string, tag = OCTET_STRING): void {
    const length = Buffer.byteLength(value)
    this.#reserve(length + 6)
    this.#header(tag, length)
    this.#offset += this.#buffer.write(value, this.#offset)
  }

  /** An octet string from text (as UTF-8) or bytes. */
  value(value: string | Uint8Array, tag = OCTET_STRING): void {
    if (typeof value === 'string') this.text(value, tag)
    else this.bytes(value, tag)
  }

  /** An INTEGER of at most 32 bits, in its shortest form. */
  integer(value: number, tag = INTEGER): void {
    this.#reserve(6)
    const size = integerBytes(value)
    this.#header(tag, size)
    this.#offset = this.#buffer.writeIntBE(value, this.#offset, size)
  }

  enumerated(value: number): void {
    this.integer(value, ENUMERATED)
  }

  boolean(value: boolean, tag = BOOLEAN): void {
    this.#reserve(3)
    this.#header(tag, 1)
    this.#buffer[this.#offset++] = value ? 0xff : 0
  }
}

function lengthBytes(length: number): number {
  if (length < 0x100) return 1
  if (length < 0x10000) return 2
  return length < 0x1000000 ? 3 : 4
}

function integerBytes(value: number): number {
  if (value >= -0x80 && value < 0x80) return 1
  if (value >= -0x8000 && value < 0x8000) return 2
  return value >= -0x800000 && value < 0x800000 ? 3 : 4
}

/** The bytes that `write` produces, for values of controls and extended operations. */
export function berBytes(write: (writer: BerWriter) => void): Buffer {
  const writer = new BerWriter(256)
  write(writer)
  return Buffer.from(writer.take())
}
