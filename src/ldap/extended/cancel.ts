import { BerReader, SEQUENCE } from '../ber-reader.ts'
import { berBytes } from '../ber-writer.ts'

/** RFC 3909: like abandon, but with an answer, and the cancelled operation ends with result 118. */
export const CANCEL = '1.3.6.1.1.8'

export function writeCancel(messageId: number): Buffer {
  return berBytes((writer) => {
    const sequence = writer.begin(SEQUENCE)
    writer.integer(messageId)
    writer.end(sequence)
  })
}

export function readCancel(value: Buffer): number {
  const reader = new BerReader(value)
  const outer = reader.enter(SEQUENCE)
  const messageId = reader.integer()
  reader.leave(outer)
  return messageId
}
