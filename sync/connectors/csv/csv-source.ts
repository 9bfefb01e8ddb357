import type { CsvConnection } from '../../../src/config/sync-file-schema.ts'
import { IncompleteSource, type Source, type Wanted } from '../connector.ts'
import { checkEnd } from '../file/check-end.ts'
import { openFile, type OpenFile } from '../file/open-file.ts'
import { mergeRows, scatteredKeys, type ReadRow } from '../merge-rows.ts'
import type { SyncRecord } from '../../record.ts'
import { csvLayout, type CsvLayout } from './csv-layout.ts'
import { openTable, type CsvItem } from './csv-table.ts'
import { readRow } from './read-row.ts'

/** A CSV file, as HR systems send it. Opened anew by each `read`. */
export function csvSource(connection: CsvConnection, path: string = connection.path): Source {
  return {
    async *read(wanted) {
      const file = await openFile(path)
      try {
        yield* recordsOf(file, connection, wanted)
      } finally {
        await file.close()
      }
    },
    async close() {},
  }
}

async function* recordsOf(
  file: OpenFile,
  connection: CsvConnection,
  wanted: Wanted,
): AsyncGenerator<SyncRecord> {
  const open = await openTable(file, connection)
  const read = (attributes: Wanted['attributes']) => rowsOf(open(wanted.signal), connection, attributes)
  const rows = connection.severalRows
    ? mergeRows(read(wanted.attributes), await scatteredKeys(keysOf(read([]))))
    : read(wanted.attributes)
  let records = 0
  for await (const row of rows) {
    if ('fault' in row) wanted.onFault?.(row.fault)
    else {
      records++
      yield row.record
    }
  }
  checkEnd(null, records, connection.end)
  await file.checkUnchanged()
}

/** Every line of the file. Throws IncompleteSource at its end when it was cut off. */
async function* rowsOf(
  items: AsyncIterable<CsvItem>,
  connection: CsvConnection,
  wanted: Wanted['attributes'],
): AsyncGenerator<ReadRow> {
  const { header, end } = connection
  let layout = header === 'first-line' ? undefined : csvLayout(header, connection, wanted)
  let lines = 0
  let isShort = false
  let last: readonly string[] | undefined
  for await (const item of items) {
    if ('cut' in item) {
      if (!layout) throw new IncompleteSource('truncated', 'the file is empty')
      checkCut(item.cut, { isShort, lines, last }, connection)
    } else if (!layout) layout = headerOf(item, connection, wanted)
    else if (last) throw new IncompleteSource('faulty', `line ${item.line} comes after the last one`)
    else if ('fields' in item && end.line !== undefined && item.fields[0]?.trim() === end.line)
      last = item.fields
    else {
      lines++
      isShort = 'fields' in item && item.fields.length < layout.width
      yield readItem(item, layout)
    }
  }
}

function readItem(item: Exclude<CsvItem, { cut: unknown }>, layout: CsvLayout): ReadRow {
  if ('fields' in item) return readRow(item.line, item.fields, layout)
  return {
    fault: { place: `line ${item.line}`, column: layout.nameOf(item.column - 1), text: item.fault },
  }
}

function headerOf(
  item: Exclude<CsvItem, { cut: unknown }>,
  connection: CsvConnection,
  wanted: Wanted['attributes'],
): CsvLayout {
  if ('fields' in item) return csvLayout(item.fields, connection, wanted)
  throw new IncompleteSource('faulty', `the names of the columns: ${item.fault}`)
}

function checkCut(
  cut: 'line' | 'quotes' | null,
  { isShort, lines, last }: { isShort: boolean; lines: number; last: readonly string[] | undefined },
  { end }: CsvConnection,
): void {
  checkEnd(cut, Infinity, end)
  if (end.line !== undefined && !last)
    throw new IncompleteSource('truncated', `the file does not end with the line ${end.line}`)
  const count = last?.[1]?.trim() ?? ''
  if (/^\d+$/.test(count) && Number(count) !== lines)
    throw new IncompleteSource('truncated', `the file has ${lines} lines; its last one says ${count}`)
  if (isShort) throw new IncompleteSource('truncated', 'the last line has too few columns: it was cut off')
}

async function* keysOf(rows: AsyncIterable<ReadRow>): AsyncGenerator<string> {
  try {
    for await (const row of rows) {
      const record = 'record' in row ? row.record : row.fault.record
      if (record) yield record.id
    }
  } catch (error) {
    // The second reading says it, after the records that are good.
    if (!(error instanceof IncompleteSource)) throw error
  }
}
