import { BerReader, ENUMERATED, OCTET_STRING, SEQUENCE } from '../ber-reader.ts'
import { berBytes } from '../ber-writer.ts'
import { type Control, findControl } from '../control.ts'

/** RFC 4533, 2.3: with each entry of a sync search, what happened to it. */
export const SYNC_STATE = '1.3.6.1.4.1.4203.1.9.1.2'

const STATES = ['present', 'add', 'modify', 'delete'] as const

export type SyncState = {
  /** `present`: it is as it was. */
  readonly state: (typeof STATES)[number]
  /** 16 bytes. */
  readonly entryUuid: Buffer
  /** Everything up to here is told. */
  readonly cookie?: Buffer
}

/** The server's side. */
export function syncState({ state, entryUuid, cookie }: SyncState): Control {
  const value = berBytes((writer) => {
    const sequence = writer.begin(SEQUENCE)
    writer.enumerated(STATES.indexOf(state))
    writer.bytes(entryUuid)
    if (cookie !== undefined) writer.bytes(cookie)
    writer.end(sequence)
  })
  return { oid: SYNC_STATE, critical: false, value }
}

/** Undefined when there is none, or a state that no standard names. */
export function readSyncState(controls: readonly Control[]): SyncState | undefined {
  const value = findControl(controls, SYNC_STATE)?.value
  if (!value) return undefined
  const reader = new BerReader(value)
  const outer = reader.enter(SEQUENCE)
  const state = STATES[reader.integer(ENUMERATED)]
  const entryUuid = reader.bytes()
  const cookie = reader.peek() === OCTET_STRING ? { cookie: reader.bytes() } : {}
  reader.leave(outer)
  return state && { state, entryUuid, ...cookie }
}
