import { BerReader, SEQUENCE } from '../ber-reader.ts'
import { berBytes } from '../ber-writer.ts'
import { type Control, findControl } from '../control.ts'

/** LDAP_SERVER_DIRSYNC (MS-ADTS, 3.1.1.3.4.1.3): a search of a whole naming context that brings what has changed since a cookie. */
export const DIR_SYNC = '1.2.840.113556.1.4.841'

const FLAGS = { objectSecurity: 0x1, ancestorsFirst: 0x800, publicDataOnly: 0x2000 } as const

export type DirSync = {
  /** What an earlier search gave; empty for everything. */
  readonly cookie: Buffer
  /** `objectSecurity`: without the right to replicate, what the account may see. */
  readonly flags?: readonly (keyof typeof FLAGS)[]
  /** Bytes of an answer at most; the server has its own limit. */
  readonly maxBytes?: number
}

export type DirSyncResult = { readonly cookie: Buffer; readonly more: boolean }

/** Critical: a server that ignored it would send everything and call it a change. */
export function dirSync({ cookie, flags = [], maxBytes = 0x100000 }: DirSync): Control {
  const value = berBytes((writer) => {
    const sequence = writer.begin(SEQUENCE)
    writer.integer(flags.reduce((sum, flag) => sum | FLAGS[flag], 0))
    writer.integer(maxBytes)
    writer.bytes(cookie)
    writer.end(sequence)
  })
  return { oid: DIR_SYNC, critical: true, value }
}

/** The server's side of the answer. */
export function dirSyncResult({ cookie, more }: DirSyncResult): Control {
  const value = berBytes((writer) => {
    const sequence = writer.begin(SEQUENCE)
    writer.integer(more ? 1 : 0)
    writer.integer(0)
    writer.bytes(cookie)
    writer.end(sequence)
  })
  return { oid: DIR_SYNC, critical: false, value }
}

/** From the result of the search. `more`: ask again with the cookie for the rest. */
export function readDirSyncResult(controls: readonly Control[]): DirSyncResult | undefined {
  const value = findControl(controls, DIR_SYNC)?.value
  if (!value) return undefined
  const reader = new BerReader(value)
  const outer = reader.enter(SEQUENCE)
  const more = reader.integer() !== 0
  reader.integer()
  const cookie = reader.bytes()
  reader.leave(outer)
  return { cookie, more }
}
