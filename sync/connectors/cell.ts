import type { DateRule } from '../../src/config/sync-file-schema.ts'
import { dateReader, type ReadDate } from './date-rule.ts'

/** What the text of one column means: none, one or several values. Undefined: a date that cannot be read. */
export type ReadCell = (text: string) => readonly string[] | undefined

/** How the columns of a table of text are read, by their lower-cased name. */
export function cellReaders(
  separators: Readonly<Record<string, string>>,
  dates: readonly DateRule[],
): (column: string) => ReadCell {
  const bySeparator = new Map(Object.entries(separators).map(([name, text]) => [name.toLowerCase(), text]))
  const byDate = new Map<string, ReadDate>()
  for (const { columns, ...rule } of dates) {
    const read = dateReader(rule)
    for (const name of columns) byDate.set(name.toLowerCase(), read)
  }
  return (column) => cellReader(bySeparator.get(column), byDate.get(column))
}

function cellReader(separator: string | undefined, readDate: ReadDate | undefined): ReadCell {
  if (separator === undefined && readDate === undefined) {
    return (text) => {
      const value = text.trim()
      return value === '' ? [] : [value]
    }
  }
  return (text) => {
    const pieces = separator === undefined ? [text] : text.split(separator)
    const values = pieces.map((piece) => piece.trim()).filter((piece) => piece !== '')
    return readDate === undefined ? values : readDates(values, readDate)
  }
}

function readDates(texts: readonly string[], read: ReadDate): string[] | undefined {
  const dates = texts.map(read)
  if (dates.includes(undefined)) return undefined
  return dates.filter((date) => typeof date === 'string')
}
