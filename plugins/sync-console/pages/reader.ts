import type { Locale, Translate } from '../../../src/messages/message.ts'

/** Who reads a page of the synchronization. */
export type Reader = {
  t: Translate
  locale: Locale
  now: Date
  /** May start, approve, cancel, undo and freeze; else only look. */
  mayRun: boolean
  csrf: () => string
}

/** `12 345`, as the reader writes it. */
export function numberText(locale: Locale, count: number): string {
  return new Intl.NumberFormat(locale).format(count)
}

/** `2 h 5 min`, `41 s`, `0.4 s`: what people want to know of a duration, on one line. */
export function durationText(locale: Locale, milliseconds: number): string {
  const seconds = milliseconds / 1_000
  const unit = (unitName: 'second' | 'minute' | 'hour', value: number, digits = 0): string =>
    new Intl.NumberFormat(locale, {
      style: 'unit',
      unit: unitName,
      unitDisplay: 'short',
      maximumFractionDigits: digits,
    })
      .format(value)
      .replaceAll(' ', '\u00A0')
  if (seconds < 10) return unit('second', seconds, 1)
  if (seconds < 60) return unit('second', Math.floor(seconds))
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${unit('minute', minutes)}\u00A0${unit('second', Math.floor(seconds % 60))}`
  return `${unit('hour', Math.floor(minutes / 60))}\u00A0${unit('minute', minutes % 60)}`
}
