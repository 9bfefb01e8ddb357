import { BerReader, BOOLEAN, ENUMERATED, OCTET_STRING, SEQUENCE } from '../ber-reader.ts'
import { berBytes } from '../ber-writer.ts'
import { type Control, findControl } from '../control.ts'

/** RFC 4533, 2.2: a search that brings what has changed since a cookie, and with `refreshAndPersist` goes on with what changes. */
export const SYNC_REQUEST = '1.3.6.1.4.1.4203.1.9.1.1'

const MODES = { refreshOnly: 1, refreshAndPersist: 3 } as const

export type SyncRequest = {
  readonly mode: keyof typeof MODES
  /** What an earlier search gave; absent for everything. */
  readonly cookie?: Buffer
  /** The server may say that it begins anew (result 4096) where it would have to send every entry's id. */
  readonly reloadHint?: boolean
}

/** Critical: a server that ignored it would send everything and call it a change. */
export function syncRequest({ mode, cookie, reloadHint }: SyncRequest): Control {
  const value = berBytes((writer) => {
    const sequence = writer.begin(SEQUENCE)
    writer.enumerated(MODES[mode])
    if (cookie !== undefined) writer.bytes(cookie)
    if (reloadHint === true) writer.boolean(true)
    writer.end(sequence)
  })
  return { oid: SYNC_REQUEST, critical: true, value }
}

/** The server's side; undefined when there is none, or of a mode that no standard names. */
export function readSyncRequest(controls: readonly Control[]): SyncRequest | undefined {
  const value = findControl(controls, SYNC_REQUEST)?.value
  if (!value) return undefined
  const reader = new BerReader(value)
  const outer = reader.enter(SEQUENCE)
  const number = reader.integer(ENUMERATED)
  const cookie = reader.peek() === OCTET_STRING ? { cookie: reader.bytes() } : {}
  const reloadHint = reader.peek() === BOOLEAN ? { reloadHint: reader.boolean() } : {}
  reader.leave(outer)
  const mode = number === MODES.refreshOnly ? 'refreshOnly' : 'refreshAndPersist'
  return MODES[mode] === number ? { mode, ...cookie, ...reloadHint } : undefined
}
