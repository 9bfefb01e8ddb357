import type { Locale } from '../../src/messages/message.ts'
import { html, type SafeHtml } from './html.ts'

const defaultZone = 'Europe/Paris'
const formats = new Map<string, Intl.DateTimeFormat>()

/** A moment as people of the tenant read it (`25 novembre 2026 à 10:32`), the exact time beside it for programs. */
export function moment(locale: Locale, date: Date, timeZone = defaultZone): SafeHtml {
  return html`<time datetime="${date.toISOString()}">${momentText(locale, date, timeZone)}</time>`
}

/** The same as text, for titles and sentences. */
export function momentText(locale: Locale, date: Date, timeZone = defaultZone): string {
  return format(locale, timeZone, { dateStyle: 'long', timeStyle: 'short' }).format(date)
}

/** `10:32`. */
export function timeText(locale: Locale, date: Date, timeZone = defaultZone): string {
  return format(locale, timeZone, { timeStyle: 'short' }).format(date)
}

/** Whether both moments are of one day of the tenant. */
export function isSameDay(one: Date, other: Date, timeZone = defaultZone): boolean {
  return dayOf(one, timeZone) === dayOf(other, timeZone)
}

/** When a day (`2026-11-25`) begins for people of the tenant. */
export function startOfDay(day: string, timeZone = defaultZone): Date {
  const utc = new Date(`${day}T00:00:00Z`)
  // The zone's clock at a moment near it, read as if it were UTC, is off by the zone's distance; twice, for a change of the clock in between.
  const near = new Date(utc.getTime() - distance(utc, timeZone))
  return new Date(utc.getTime() - distance(near, timeZone))
}

/** The day as people read it: `25 novembre 2026`. */
export function dayText(locale: Locale, date: Date, timeZone = defaultZone): string {
  return format(locale, timeZone, { dateStyle: 'long' }).format(date)
}

function distance(date: Date, timeZone: string): number {
  // Swedish writes dates as ISO 8601 does.
  const local = format('sv', timeZone, { dateStyle: 'short', timeStyle: 'medium' }).format(date)
  return Date.parse(`${local.replace(' ', 'T')}Z`) - Math.floor(date.getTime() / 1000) * 1000
}

/** The day of a moment, `2026-11-25`, for people of the tenant. */
export function dayOf(date: Date, timeZone = defaultZone): string {
  return format('sv', timeZone, { dateStyle: 'short' }).format(date)
}

function format(
  locale: Locale | 'sv',
  timeZone: string,
  style: Intl.DateTimeFormatOptions,
): Intl.DateTimeFormat {
  const key = [locale, timeZone, style.dateStyle, style.timeStyle].join(' ')
  const known = formats.get(key) ?? new Intl.DateTimeFormat(locale, { ...style, timeZone })
  formats.set(key, known)
  return known
}
