import type { CsvConnection } from '../../../src/config/sync-file-schema.ts'
import { cellReaders, type ReadCell } from '../cell.ts'
import { IncompleteSource } from '../connector.ts'

type Column = { readonly index: number; readonly name: string; readonly read: ReadCell }

/** Which column holds what. */
export type CsvLayout = {
  readonly width: number
  /** Position of the key. */
  readonly key: number
  /** Those that are wanted and have a name; several may have one name. */
  readonly columns: readonly Column[]
  /** For people: its name, else its number. */
  nameOf(index: number): string
}

/** Throws IncompleteSource when the file lacks a column that the configuration names: then it is another file than was meant. */
export function csvLayout(
  names: readonly string[],
  connection: CsvConnection,
  wanted: readonly string[] | 'all',
): CsvLayout {
  const lower = names.map((name) => name.trim().toLowerCase())
  const needed = [
    connection.key,
    ...Object.keys(connection.separators),
    ...connection.dates.flatMap(({ columns }) => columns),
  ]
  const missing = needed.find((name) => !lower.includes(name.toLowerCase()))
  if (missing !== undefined) throw new IncompleteSource('faulty', `the file has no column ${missing}`)
  const readerOf = cellReaders(connection.separators, connection.dates)
  const isWanted = (name: string): boolean => name !== '' && (wanted === 'all' || wanted.includes(name))
  return {
    width: names.length,
    key: lower.indexOf(connection.key.toLowerCase()),
    columns: lower.flatMap((name, index) => (isWanted(name) ? [{ index, name, read: readerOf(name) }] : [])),
    nameOf: (index) => names[index]?.trim() || String(index + 1),
  }
}
