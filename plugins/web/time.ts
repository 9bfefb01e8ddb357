import type { Locale } from '../../src/messages/message.ts'
import { html, type SafeHtml } from './html.ts'

const formats = new Map<string, Intl.DateTimeFormat>()

/** A moment as people of the tenant read it (`25 novembre 2026 à 10:32`), the exact time beside it for programs. */
export function moment(locale: Locale, date: Date, timeZone = 'Europe/Paris'): SafeHtml {
  return html`<time datetime="${date.toISOString()}">${momentText(locale, date, timeZone)}</time>`
}

export function momentText(locale: Locale, date: Date, timeZone = 'Europe/Paris'): string {
  const key = `${locale} ${timeZone}`
  const format =
    formats.get(key) ?? new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone })
  formats.set(key, format)
  return format.format(date)
}
