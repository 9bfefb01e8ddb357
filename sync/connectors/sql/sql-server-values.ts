import type { Cell, Column, ColumnType } from './sql-session.ts'

export function quoted(name: string): string {
  return `[${name.replaceAll(']', ']]')}]`
}

const types: Readonly<Record<string, ColumnType>> = {
  Bit: 'boolean',
  BitN: 'boolean',
  Date: 'date',
  SmallDateTime: 'time',
  DateTime: 'time',
  DateTimeN: 'time',
  DateTime2: 'time',
  DateTimeOffset: 'moment',
  Binary: 'binary',
  VarBinary: 'binary',
  Image: 'binary',
}
const NUMBERS = /Int|Decimal|Numeric|Float|Real|Money/

/** Numbers of JavaScript hold 15 digits. */
const DIGITS = 15

export function columnOf({
  colName,
  type,
  precision,
}: {
  colName: string
  type: { name: string }
  precision?: number | undefined
}): Column {
  const name = colName
  const isLong = /Decimal|Numeric/.test(type.name) && (precision ?? 0) > DIGITS
  return {
    name,
    type: types[type.name] ?? (NUMBERS.test(type.name) ? 'number' : 'text'),
    isArray: false,
    ...(isLong && { readAs: `convert(nvarchar(60), ${quoted(name)})` }),
  }
}

export function cellOf(cell: unknown, column: Column | undefined): Cell {
  const value: unknown = typeof cell === 'object' && cell !== null && 'value' in cell ? cell.value : null
  if (value instanceof Date) return dateText(value, column)
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE'
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint')
    return String(value)
  return Buffer.isBuffer(value) ? value : null
}

function dateText(date: Date, column: Column | undefined): string {
  const text = date.toISOString().replace('T', ' ').replace('Z', '')
  return column?.type === 'date' ? text.slice(0, 'yyyy-MM-dd'.length) : text
}
