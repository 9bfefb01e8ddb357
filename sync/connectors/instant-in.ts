const formats = new Map<string, Intl.DateTimeFormat>()

/** The moment when clocks of the zone show this. A time that they skip in spring becomes the one an hour later, of two in autumn the first. */
export function instantIn(
  zone: string,
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
): Date {
  const shown = Date.UTC(year, month - 1, day, hour, minute, second)
  if (zone === 'UTC') return new Date(shown)
  // The offset a day before and after: they differ when the clocks are changed in between.
  const candidates = [shown - 86_400_000, shown + 86_400_000].map((near) => shown - offsetAt(zone, near))
  const exact = candidates.filter((moment) => moment + offsetAt(zone, moment) === shown)
  return new Date(exact.length > 0 ? Math.min(...exact) : Math.max(...candidates))
}

/** What clocks of the zone show at this moment: `2026-08-31T23:59:59`. */
export function localTextIn(zone: string, moment: Date): string {
  const shown = zone === 'UTC' ? moment.getTime() : moment.getTime() + offsetAt(zone, moment.getTime())
  return new Date(shown).toISOString().slice(0, 'yyyy-MM-ddTHH:mm:ss'.length)
}

/** Milliseconds by which clocks of the zone are ahead of UTC at this moment. */
function offsetAt(zone: string, moment: number): number {
  let format = formats.get(zone)
  if (!format) formats.set(zone, (format = makeFormat(zone)))
  const parts = new Map(format.formatToParts(moment).map(({ type, value }) => [type, Number(value)]))
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0
  const shown = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  )
  return shown - Math.floor(moment / 1_000) * 1_000
}

function makeFormat(zone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
}
