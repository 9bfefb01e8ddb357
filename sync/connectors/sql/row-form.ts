import type { DateRule } from '../../../src/config/sync-file-schema.ts'
import { makeRecord, type SyncRecord, type Value, type Values } from '../../record.ts'
import type { RecordFault } from '../connector.ts'
import type { ReadRow } from '../merge-rows.ts'
import { columnValues, type ColumnValues } from './sql-value.ts'
import type { Cell, Column } from './sql-session.ts'

/** What a side says of its columns. */
export type RowOptions = {
  readonly key: string
  readonly separators: Readonly<Record<string, string>>
  readonly dates: readonly DateRule[]
}

/** A column as an attribute. */
export type FormedColumn = {
  /** Lower-cased. */
  readonly attribute: string
  readonly column: Column
  readonly values: ColumnValues
  /** Between the values of a column of text. */
  readonly separator: string | undefined
}

export function formColumns(columns: readonly Column[], options: RowOptions): FormedColumn[] {
  const separators = new Map(
    Object.entries(options.separators).map(([name, text]) => [name.toLowerCase(), text]),
  )
  return columns.map((column) => {
    const attribute = column.name.toLowerCase()
    const rule = options.dates.find((each) => each.columns.some((name) => name.toLowerCase() === attribute))
    return {
      attribute,
      column,
      values: columnValues(column, rule),
      separator: separators.get(attribute),
    }
  })
}

/** Makes records of rows with these columns. NULL is no value. */
export function rowReader(
  formed: readonly FormedColumn[],
  key: string,
  wanted: readonly string[] | 'all',
): (row: readonly Cell[]) => ReadRow {
  const keyAttribute = key.toLowerCase()
  const isKeyWanted = wanted === 'all' || wanted.includes(keyAttribute)
  return (row) => {
    const attributes = new Map<string, Values>()
    let faulty: string | undefined
    for (const [index, column] of formed.entries()) {
      const values = valuesOf(row[index] ?? null, column)
      if (values === undefined) faulty ??= column.attribute
      else if (values.length > 0) attributes.set(column.attribute, values)
    }
    const name = attributes.get(keyAttribute)?.[0]
    if (!isKeyWanted) attributes.delete(keyAttribute)
    if (name === undefined) return { fault: { place: 'a row', column: key, text: 'no key' } }
    const record = makeRecord(String(name), attributes)
    return faulty === undefined ? { record } : { fault: faultOf(record, faulty) }
  }
}

function faultOf(record: SyncRecord, column: string): RecordFault {
  return { place: `the row ${record.name}`, column, text: 'not a date', record }
}

function valuesOf(cell: Cell, { values, separator }: FormedColumn): Value[] | undefined {
  if (cell === null) return []
  if (typeof cell === 'string' && separator !== undefined) return readAll(cell.split(separator), values, true)
  if (typeof cell === 'string' || Buffer.isBuffer(cell)) return readAll([cell], values, false)
  return readAll(cell, values, false)
}

function readAll(
  cells: readonly (string | Buffer | null)[],
  { read }: ColumnValues,
  isSplit: boolean,
): Value[] | undefined {
  const found: Value[] = []
  for (const cell of cells) {
    const value = cell === null ? null : read(isSplit && typeof cell === 'string' ? cell.trim() : cell)
    if (value === undefined) return undefined
    if (value !== null) found.push(value)
  }
  return found
}
