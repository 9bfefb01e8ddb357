import type { JsonLinesConnection } from '../../../src/config/sync-file-schema.ts'
import type { SyncRecord } from '../../record.ts'
import { cellReaders } from '../cell.ts'
import type { Source, Wanted } from '../connector.ts'
import { checkEnd } from '../file/check-end.ts'
import { decodeText } from '../file/decode-text.ts'
import { openFile } from '../file/open-file.ts'
import { readObject, type ObjectForm } from './read-object.ts'

/** A file with a JSON object in each line, in UTF-8. Opened anew by each `read`. */
export function jsonLinesSource(connection: JsonLinesConnection, path: string = connection.path): Source {
  const readerOf = cellReaders({}, connection.dates)
  return {
    read: (wanted) => read(connection, path, readerOf, wanted),
    async close() {},
  }
}

async function* read(
  { key, end }: JsonLinesConnection,
  path: string,
  readerOf: ObjectForm['readerOf'],
  { attributes, signal, onFault }: Wanted,
): AsyncGenerator<SyncRecord> {
  const file = await openFile(path)
  const form: ObjectForm = { key: key.toLowerCase(), wanted: attributes, readerOf }
  let records = 0
  try {
    for await (const { line, text, isCut } of linesOf(decodeText(file.chunks(signal), 'utf-8'))) {
      if (isCut) checkEnd('line', Infinity, end)
      const found = readObject(text, form)
      if ('text' in found) onFault?.({ place: `line ${line}`, ...found })
      else {
        records++
        yield found.record
      }
    }
    checkEnd(null, records, end)
    await file.checkUnchanged()
  } finally {
    await file.close()
  }
}

/** Lines that hold something. `isCut`: the last one has no line end. */
async function* linesOf(
  texts: AsyncIterable<string>,
): AsyncGenerator<{ line: number; text: string; isCut: boolean }> {
  let rest = ''
  let line = 0
  for await (const text of texts) {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const each of lines) {
      line++
      if (each.trim() !== '') yield { line, text: each, isCut: false }
    }
  }
  if (rest.trim() !== '') yield { line: line + 1, text: rest, isCut: true }
}
