import { parseGeneralizedTime } from '../../../src/ldap/generalized-time.ts'
import type { Value } from '../../record.ts'
import { dateReader, type ReadDate } from '../date-rule.ts'
import { localTextIn } from '../instant-in.ts'
import type { Column } from './sql-session.ts'
import type { DateRule } from '../../../src/config/sync-file-schema.ts'

/** How the values of one column become values of an attribute, and back. Undefined: not a value of this column. */
export type ColumnValues = {
  /** Null: no value. */
  read(cell: string | Buffer): Value | null | undefined
  /** What a statement is given for it. */
  write(value: Value): string | Buffer | undefined
  /** The same for what the column takes for equal. */
  key(value: Value): string
}

const utc: Omit<DateRule, 'columns'> = { format: '', zone: 'UTC', time: 'start', never: [] }

/** By the type of the column; dates as the rule of the side says, in UTC without one. */
export function columnValues({ type }: Column, rule: DateRule | undefined): ColumnValues {
  switch (type) {
    case 'date':
    case 'time':
    case 'moment':
      return dateValues(type, type === 'moment' ? { ...utc, never: rule?.never ?? [] } : (rule ?? utc))
    case 'number':
      return checked(/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/, plainNumber)
    case 'boolean':
      return checked(/^(?:TRUE|FALSE)$/i, (text) => text.toUpperCase())
    case 'binary':
      return binaryValues
    default:
      return rule === undefined ? textValues : writtenDates(rule)
  }
}

const textValues: ColumnValues = {
  // CHAR(20) is filled with spaces, and an empty text is no value.
  read: (cell) => String(cell).trimEnd() || null,
  write: (value) => (typeof value === 'string' ? value : undefined),
  key: (value) => String(value).trimEnd(),
}

const binaryValues: ColumnValues = {
  read: (cell) => (cell.length === 0 ? null : cell),
  write: (value) => Buffer.from(value),
  key: (value) => Buffer.from(value).toString('base64'),
}

function checked(form: RegExp, canonical: (text: string) => string): ColumnValues {
  const write = (value: Value): string | undefined =>
    typeof value === 'string' && form.test(value.trim()) ? canonical(value.trim()) : undefined
  return {
    read: (cell) => write(cell) ?? (String(cell) || null),
    write,
    key: (value) => write(value) ?? `?${String(value)}`,
  }
}

/** `007.50` and `7.5` are one number. */
function plainNumber(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = ''] =
    /^([+-]?)0*(\d*)(?:\.(\d*?)0*)?((?:e.*)?)$/i.exec(text) ?? []
  const number = `${whole || '0'}${fraction === '' ? '' : `.${fraction}`}${exponent.toLowerCase()}`
  return sign === '-' && number !== '0' ? `-${number}` : number
}

/** A text column that holds dates: they are read as the rule says. */
function writtenDates(rule: DateRule): ColumnValues {
  const read = dateReader(rule)
  return { ...textValues, read: (cell) => (String(cell).trim() === '' ? null : read(String(cell).trim())) }
}

function dateValues(type: 'date' | 'time' | 'moment', rule: Omit<DateRule, 'columns'>): ColumnValues {
  const day = dateReader({ ...rule, format: 'yyyy-MM-dd' })
  const clock = dateReader({ ...rule, format: 'yyyy-MM-dd HH:mm:ss' })
  const read: ReadDate = (text) => {
    // PostgreSQL's infinity, MySQL's 0000-00-00: no date.
    if (/^-?infinity$|^0000-00-00/.test(text)) return null
    const seconds = text.replace('T', ' ').replace(/\.\d+$/, '')
    return seconds.length <= 'yyyy-MM-dd'.length ? day(seconds) : clock(seconds)
  }
  const write = (value: Value): string | undefined => {
    const moment = typeof value === 'string' ? parseGeneralizedTime(value) : null
    if (moment === null) return undefined
    const local = localTextIn(rule.zone, moment)
    return type === 'date' ? local.slice(0, 'yyyy-MM-dd'.length) : local
  }
  return {
    read: (cell) => read(String(cell)),
    write,
    key: (value) => write(value) ?? `?${String(value)}`,
  }
}
