const SYNTAX = /^(\d{4})(\d{2})(\d{2})(\d{2})(?:(\d{2})(?:(\d{2}))?)?(?:[.,](\d+))?(Z|[+-]\d{2}(?:\d{2})?)$/

/** Reads a GeneralizedTime (RFC 4517, 3.3.13). Null when the text is not one. Fractions are of the last unit given. */
export function parseGeneralizedTime(text: string): Date | null {
  const match = SYNTAX.exec(text)
  if (match === null) return null
  const [, year, month, day, hour, minute, second, fraction, zone = 'Z'] = match
  const unit = second === undefined ? (minute === undefined ? 3_600_000 : 60_000) : 1_000
  const time = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute ?? 0),
    Number(second ?? 0),
  )
  const date = new Date(time + Math.round(Number(`0.${fraction ?? 0}`) * unit) - zoneOffset(zone))
  // Date.UTC takes years below 100 for 19xx; slapd's "locked for ever" (000001010000Z) is such a year.
  if (Number(year) < 100) date.setUTCFullYear(Number(year))
  return Number.isNaN(date.getTime()) ? null : date
}

/** Writes whole seconds in UTC, the form that every server takes. */
export function formatGeneralizedTime(date: Date): string {
  return `${date.toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')}Z`
}

function zoneOffset(zone: string): number {
  if (zone === 'Z') return 0
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3) || 0)
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000
}
