import type { FieldPacket } from 'mysql2'
import type { Cell, Column, ColumnType } from './sql-session.ts'

/** By the numbers of the protocol. */
const types: ReadonlyMap<number, ColumnType> = new Map([
  ...[0, 1, 2, 3, 4, 5, 8, 9, 13, 246].map((code): [number, ColumnType] => [code, 'number']),
  [7, 'moment'],
  [10, 'date'],
  [12, 'time'],
  [14, 'date'],
])
const BINARY_CHARSET = 63

export function columnsOf(fields: readonly FieldPacket[]): Column[] {
  return fields.map(({ name, columnType, type, characterSet }) => {
    const code = columnType ?? type ?? 0
    const isBytes = code === 16 || (code >= 249 && characterSet === BINARY_CHARSET)
    return { name, type: types.get(code) ?? (isBytes ? 'binary' : 'text'), isArray: false }
  })
}

export function cellsOf(row: readonly unknown[], columns: readonly Column[]): Cell[] {
  return row.map((value, index) => {
    if (Buffer.isBuffer(value)) return columns[index]?.type === 'binary' ? value : value.toString('utf8')
    return typeof value === 'string' || typeof value === 'number' ? String(value) : null
  })
}
