import type { Metadata } from 'oracledb'
import type { Cell, Column, ColumnType } from './sql-session.ts'

export function columnOf({ name, dbType }: Metadata): Column {
  return { name, type: typeOf(dbType.columnTypeName), isArray: false }
}

function typeOf(name: string): ColumnType {
  if (name.endsWith('TIME ZONE')) return 'moment'
  // A DATE has a time of day.
  if (name === 'DATE' || name.startsWith('TIMESTAMP')) return 'time'
  if (name === 'RAW' || name === 'BLOB') return 'binary'
  if (name === 'BOOLEAN') return 'boolean'
  return name === 'NUMBER' || name.startsWith('BINARY_') ? 'number' : 'text'
}

export function cellOf(value: unknown, type: string): Cell {
  if (value instanceof Date) return dateText(value, type)
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE'
  if (typeof value === 'string' || typeof value === 'number') return String(value)
  return Buffer.isBuffer(value) ? value : null
}

/** The driver gives what has no zone in that of this process. A DATE at midnight is meant as a day. */
function dateText(date: Date, type: string): string {
  const isMoment = typeOf(type) === 'moment'
  const local = isMoment ? date : new Date(date.getTime() - date.getTimezoneOffset() * 60_000)
  const text = local.toISOString().replace('T', ' ').replace('Z', '')
  return type === 'DATE' ? text.replace(/ 00:00:00\.000$/, '') : text
}
