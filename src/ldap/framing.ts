import { protocolFailure } from './failure.ts'

const NOTHING = Buffer.alloc(0)

/**
 * Cuts a stream of bytes into LDAP messages. Each message comes out as a view of the chunk that brought it; one that
 * spans chunks is put together once. An announced length above `maxBytes`, or a first byte that no message has, is a
 * protocol failure at once: nothing is buffered for it.
 */
export class MessageFramer {
  readonly #maxBytes: number
  #chunks: Buffer[] = []
  #held = 0
  #needed = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** Bytes of a message that is not complete yet. */
  get held(): number {
    return this.#held
  }

  /** Takes a chunk and calls `onMessage(buffer, start, end)` for each message that it completes. */
  push(chunk: Buffer, onMessage: (buffer: Buffer, start: number, end: number) => void): void {
    const buffer = this.#joined(chunk)
    let offset = 0
    while (offset < buffer.length) {
      const size = messageSize(buffer, offset, this.#maxBytes)
      if (size === undefined || offset + size > buffer.length) {
        this.#hold(buffer.subarray(offset), size ?? 0)
        return
      }
      const start = offset
      offset += size
      onMessage(buffer, start, offset)
    }
  }

  #joined(chunk: Buffer): Buffer {
    if (this.#held === 0) return chunk
    this.#chunks.push(chunk)
    this.#held += chunk.length
    if (this.#held < this.#needed) return NOTHING // no copying while a large message arrives
    const joined = Buffer.concat(this.#chunks, this.#held)
    this.#hold(NOTHING, 0)
    return joined
  }

  #hold(bytes: Buffer, needed: number): void {
    this.#chunks = bytes.length > 0 ? [bytes] : []
    this.#held = bytes.length
    this.#needed = needed
  }
}

/** Size of the message at `offset`, header included; undefined when its header is not complete. */
function messageSize(buffer: Buffer, offset: number, maxBytes: number): number | undefined {
  if (buffer[offset] !== 0x30)
    throw protocolFailure(`byte 0x${buffer[offset]?.toString(16)} begins no LDAP message`)
  const first = buffer[offset + 1]
  if (first === undefined) return undefined
  if (first < 0x80) return 2 + first
  const bytes = first & 0x7f
  if (bytes === 0 || bytes > 4) throw protocolFailure(`length of ${bytes} bytes`)
  if (offset + 2 + bytes > buffer.length) return undefined
  const size = 2 + bytes + buffer.readUIntBE(offset + 2, bytes)
  if (size > maxBytes) throw protocolFailure(`message of ${size} bytes, the limit is ${maxBytes}`)
  return size
}
