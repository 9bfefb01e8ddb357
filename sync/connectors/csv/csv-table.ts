import type { CsvConnection } from '../../../src/config/sync-file-schema.ts'
import { decodeText, detectEncoding, encodingOf, type Encoding } from '../file/decode-text.ts'
import type { OpenFile } from '../file/open-file.ts'
import { csvRows, type CsvRow } from './csv-rows.ts'
import type { CsvForm } from './read-fields.ts'

/** A row, or the end of the file: `cut` says what it ends in, when not after a line end. */
export type CsvItem = CsvRow | { readonly cut: 'line' | 'quotes' | null }

/** The rows of a file, as often as they are asked for. A last line that may be cut off is not among them. */
export async function openTable(
  file: OpenFile,
  connection: CsvConnection,
): Promise<(signal?: AbortSignal) => AsyncGenerator<CsvItem>> {
  const { encoding: configured } = connection
  const encoding =
    configured === 'auto' ? await detectEncoding(file.chunks()) : await encodingOf(file.chunks(), configured)
  const form = { quote: connection.quote, delimiter: await delimiterOf(file, encoding, connection.delimiter) }
  return (signal) => items(decodeText(file.chunks(signal), encoding), form, connection.end.newline)
}

async function* items(
  texts: AsyncIterable<string>,
  form: CsvForm,
  needsLineEnd: boolean,
): AsyncGenerator<CsvItem> {
  const splitter = csvRows(form)
  for await (const text of texts) yield* splitter.push(text)
  const { rows, cut } = splitter.end()
  yield* cut !== null && (needsLineEnd || cut === 'quotes') ? rows.slice(0, -1) : rows
  yield { cut }
}

const delimiters = [';', ',', '\t', '|']

async function delimiterOf(file: OpenFile, encoding: Encoding, configured: string): Promise<string> {
  if (configured !== 'auto') return configured
  const [line = ''] = (await firstText(file, encoding)).split(/\r?\n/)
  const count = (delimiter: string): number => line.split(delimiter).length
  return delimiters.toSorted((a, b) => count(b) - count(a))[0] ?? ';'
}

async function firstText(file: OpenFile, encoding: Encoding): Promise<string> {
  for await (const text of decodeText(file.chunks(), encoding)) return text
  return ''
}
