import { BerReader, BOOLEAN, OCTET_STRING, SET } from '../ber-reader.ts'
import { berBytes } from '../ber-writer.ts'
import { protocolFailure } from '../failure.ts'

/** RFC 4533, 2.5: the intermediate response of a sync search. No control, but it belongs to them. */
export const SYNC_INFO = '1.3.6.1.4.1.4203.1.9.1.4'

const NEW_COOKIE = 0x80
const REFRESH_DELETE = 0xa1
const REFRESH_PRESENT = 0xa2
const SYNC_ID_SET = 0xa3

/**
 * `refreshDelete`, `refreshPresent`: the end of a phase that told what is deleted, or what is present (the rest is gone); with `refreshDone` only new
 * changes follow. `syncIdSet`: entries by their 16 bytes, gone when `refreshDeletes`, else present.
 */
export type SyncInfo =
  | { readonly type: 'newCookie'; readonly cookie: Buffer }
  | {
      readonly type: 'refreshDelete' | 'refreshPresent'
      readonly cookie?: Buffer
      readonly refreshDone: boolean
    }
  | {
      readonly type: 'syncIdSet'
      readonly cookie?: Buffer
      readonly refreshDeletes: boolean
      readonly entryUuids: readonly Buffer[]
    }

/** The server's side: the value of the intermediate response. */
export function writeSyncInfo(info: SyncInfo): Buffer {
  return berBytes((writer) => {
    if (info.type === 'newCookie') return writer.bytes(info.cookie, NEW_COOKIE)
    if (info.type === 'syncIdSet') {
      const sequence = writer.begin(SYNC_ID_SET)
      if (info.cookie !== undefined) writer.bytes(info.cookie)
      if (info.refreshDeletes) writer.boolean(true)
      const set = writer.begin(SET)
      for (const entryUuid of info.entryUuids) writer.bytes(entryUuid)
      writer.end(set)
      return writer.end(sequence)
    }
    const sequence = writer.begin(info.type === 'refreshDelete' ? REFRESH_DELETE : REFRESH_PRESENT)
    if (info.cookie !== undefined) writer.bytes(info.cookie)
    if (!info.refreshDone) writer.boolean(false)
    writer.end(sequence)
  })
}

/** Throws an `LdapFailure` of kind `protocol`. */
export function readSyncInfo(value: Buffer): SyncInfo {
  const reader = new BerReader(value)
  const tag = reader.peek()
  if (tag === NEW_COOKIE) return { type: 'newCookie', cookie: reader.bytes(NEW_COOKIE) }
  if (tag !== REFRESH_DELETE && tag !== REFRESH_PRESENT && tag !== SYNC_ID_SET)
    throw protocolFailure('sync information of an unknown kind')
  const outer = reader.enter(tag)
  const cookie = reader.peek() === OCTET_STRING ? { cookie: reader.bytes() } : {}
  const flag = reader.peek() === BOOLEAN ? reader.boolean() : undefined
  if (tag !== SYNC_ID_SET) {
    reader.leave(outer)
    const type = tag === REFRESH_DELETE ? 'refreshDelete' : 'refreshPresent'
    return { type, ...cookie, refreshDone: flag ?? true }
  }
  const set = reader.enter(SET)
  const entryUuids: Buffer[] = []
  while (reader.more) entryUuids.push(reader.bytes())
  reader.leave(set)
  reader.leave(outer)
  return { type: 'syncIdSet', ...cookie, refreshDeletes: flag ?? false, entryUuids }
}
