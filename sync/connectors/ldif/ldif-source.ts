import type { LdifConnection } from '../../../src/config/sync-file-schema.ts'
import type { Source, Wanted } from '../connector.ts'
import { binaryAttributes } from '../entry-record.ts'
import { checkEnd } from '../file/check-end.ts'
import { openFile } from '../file/open-file.ts'
import type { SyncRecord } from '../../record.ts'
import { readEntries } from './read-entries.ts'

/** A file of entries (RFC 2849). Opened anew by each `read`. */
export function ldifSource(connection: LdifConnection, path: string = connection.path): Source {
  const isBinary = binaryAttributes(connection.binary)
  return {
    read: (wanted) => read(connection, path, isBinary, wanted),
    async close() {},
  }
}

async function* read(
  { end }: LdifConnection,
  path: string,
  isBinary: (attribute: string) => boolean,
  { attributes, signal, onFault }: Wanted,
): AsyncGenerator<SyncRecord> {
  const file = await openFile(path)
  try {
    const entries = readEntries(file.chunks(signal), { wanted: attributes, isBinary }, end.newline)
    let records = 0
    let item = await entries.next()
    for (; !item.done; item = await entries.next()) {
      if ('fault' in item.value) onFault?.(item.value.fault)
      else {
        records++
        yield item.value.record
      }
    }
    checkEnd(item.value, records, end)
    await file.checkUnchanged()
  } finally {
    await file.close()
  }
}
