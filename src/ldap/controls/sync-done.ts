import { BerReader, BOOLEAN, OCTET_STRING, SEQUENCE } from '../ber-reader.ts'
import { berBytes } from '../ber-writer.ts'
import { type Control, findControl } from '../control.ts'

/** RFC 4533, 2.4: with the result of a sync search that has an end. */
export const SYNC_DONE = '1.3.6.1.4.1.4203.1.9.1.3'

export type SyncDone = {
  readonly cookie?: Buffer
  /** What was deleted was told one by one; else whatever was not told to be present is gone. */
  readonly refreshDeletes: boolean
}

/** The server's side. */
export function syncDone({ cookie, refreshDeletes }: SyncDone): Control {
  const value = berBytes((writer) => {
    const sequence = writer.begin(SEQUENCE)
    if (cookie !== undefined) writer.bytes(cookie)
    if (refreshDeletes) writer.boolean(true)
    writer.end(sequence)
  })
  return { oid: SYNC_DONE, critical: false, value }
}

export function readSyncDone(controls: readonly Control[]): SyncDone | undefined {
  const value = findControl(controls, SYNC_DONE)?.value
  if (!value) return undefined
  const reader = new BerReader(value)
  const outer = reader.enter(SEQUENCE)
  const cookie = reader.peek() === OCTET_STRING ? { cookie: reader.bytes() } : {}
  const refreshDeletes = reader.peek() === BOOLEAN ? reader.boolean() : false
  reader.leave(outer)
  return { ...cookie, refreshDeletes }
}
