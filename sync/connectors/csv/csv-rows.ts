import { readFields, type CsvForm } from './read-fields.ts'

/** `line`: where the record begins, from 1. */
export type CsvRow =
  | { readonly line: number; readonly fields: string[] }
  | { readonly line: number; readonly column: number; readonly fault: string }

export type CsvRows = {
  /** The records that end in this piece of text. */
  push(text: string): CsvRow[]
  /** What is left at the end of the file. `cut`: in which the file ends, when not after a line end. */
  end(): { readonly rows: CsvRow[]; readonly cut: 'line' | 'quotes' | null }
}

/** Lines of one record, at most: a quote that nobody closes must not swallow the people after it. */
const MOST_LINES = 50

/**
 * Cuts a CSV file into records. A line that cannot be read is told, and the next line is a new record: a stray quote costs its own line.
 * (csv-parse goes on until the next quote, however many records that costs, and says nothing of those; here each would be deleted.)
 */
export function csvRows(form: CsvForm): CsvRows {
  let rest = ''
  let line = 0
  /** Lines of a record that is not at its end, and the column whose quote is open. */
  let open: string[] = []
  let openColumn = 0

  const take = (text: string, rows: CsvRow[]): void => {
    line++
    if (open.length === 0 && text === '') return
    open.push(text)
    const read = readFields(open.join('\n'), form)
    if ('open' in read && open.length < MOST_LINES) {
      if (open.length === 1) openColumn = read.open
    } else if (open.length > 1 && !('fields' in read)) giveUp(rows)
    else finish(read, rows)
  }
  const finish = (read: ReturnType<typeof readFields>, rows: CsvRow[]): void => {
    const begin = line - open.length + 1
    open = []
    if (!('open' in read)) rows.push({ line: begin, ...read })
  }
  /** The first line is what is wrong; those after it are records of their own. */
  const giveUp = (rows: CsvRow[]): void => {
    const others = open.slice(1)
    line -= others.length
    open = []
    rows.push({ line, column: openColumn, fault: 'a quote that is not closed' })
    for (const other of others) take(other, rows)
  }
  return {
    push(text) {
      const rows: CsvRow[] = []
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      for (const each of lines) take(each.endsWith('\r') ? each.slice(0, -1) : each, rows)
      return rows
    },
    end() {
      const rows: CsvRow[] = []
      const isInLine = rest !== ''
      if (isInLine) take(rest, rows)
      const wasOpen = open.length > 0
      while (open.length > 0) giveUp(rows)
      const last = rows.at(-1)
      // When the lines after the quote are records of their own, it was a stray one.
      if (wasOpen && (isInLine || (last && 'fault' in last))) return { rows, cut: 'quotes' }
      return { rows, cut: isInLine ? 'line' : null }
    },
  }
}
