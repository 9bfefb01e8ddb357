import { formatGeneralizedTime } from '../../src/ldap/generalized-time.ts'
import type { DateRule } from '../../src/config/sync-file-schema.ts'
import { instantIn } from './instant-in.ts'

/** A date as it is written to a date as LDAP has it; null: no date; undefined: not a date of this form. */
export type ReadDate = (text: string) => string | null | undefined

/** Distinct dates that are remembered: time zones are slow to ask, and a file of 100,000 people has some 30,000 days. */
const REMEMBERED = 50_000

/** Reads dates as a rule says. */
export function dateReader(rule: Omit<DateRule, 'columns'>): ReadDate {
  const never = new Set(rule.never)
  const pattern = compile(rule.format)
  const known = new Map<string, string | null | undefined>()
  return (text) => {
    if (known.has(text)) return known.get(text)
    const read = never.has(text) ? null : readAs(pattern, text, rule)
    if (known.size >= REMEMBERED) known.clear()
    known.set(text, read)
    return read
  }
}

type Pattern = { readonly form: RegExp; readonly units: readonly string[] }

function compile(format: string): Pattern {
  const units: string[] = []
  const form = format.replaceAll(/yyyy|MM|dd|HH|mm|ss|[^A-Za-z0-9]/g, (piece) => {
    if (!/[A-Za-z]/.test(piece)) return RegExp.escape(piece)
    units.push(piece)
    return piece === 'yyyy' ? String.raw`(\d{4})` : String.raw`(\d{1,2})`
  })
  return { form: new RegExp(`^${form}$`), units }
}

function readAs({ form, units }: Pattern, text: string, { zone, time }: Omit<DateRule, 'columns'>) {
  const found = form.exec(text)
  if (found === null) return undefined
  const part = (unit: string): number => (units.includes(unit) ? Number(found[units.indexOf(unit) + 1]) : 0)
  const year = part('yyyy')
  const month = part('MM')
  const day = part('dd')
  const hasTime = units.includes('HH')
  const isEnd = !hasTime && time === 'end'
  const clock = isEnd ? ([23, 59, 59] as const) : ([part('HH'), part('mm'), part('ss')] as const)
  if (!isDate(year, month, day) || clock[0] > 23 || clock[1] > 59 || clock[2] > 59) return undefined
  // "No end", as every HR system writes it: and slapd takes dates from 2106 on for dates that are past.
  if (year === 9999) return null
  return formatGeneralizedTime(instantIn(zone, year, month, day, ...clock))
}

function isDate(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day))
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}
