/** Never: what accountExpires and computed dates hold when there is no end. 0 means the same in accountExpires. */
export const NEVER = 2n ** 63n - 1n

/** Nanoseconds/100 since 1601-01-01 UTC (FILETIME, MS-DTYP 2.3.3), and what lies between that and 1970. */
const TICKS_PER_MS = 10_000n
const EPOCH_MS = 11_644_473_600_000n
/** An interval that has no end, as domain policies say it (beside 0). */
const NO_LIMIT = -(2n ** 63n)

/** A 64-bit number (LargeInteger); undefined when the attribute is missing or holds something else. */
export function largeInteger(value: string | undefined): bigint | undefined {
  return value !== undefined && /^-?\d{1,19}$/.test(value) ? BigInt(value) : undefined
}

/** The instant in whole milliseconds; undefined for 0, for never and for what no Date can hold. */
export function dateOf(fileTime: bigint | undefined): Date | undefined {
  if (fileTime === undefined || fileTime <= 0n || fileTime >= NEVER) return undefined
  const date = new Date(Number(fileTime / TICKS_PER_MS - EPOCH_MS))
  return Number.isNaN(date.getTime()) ? undefined : date
}

/** May be out of what the server keeps: 1601 and before is 0 or less. */
export function fileTimeOf(date: Date): bigint {
  return (BigInt(date.getTime()) + EPOCH_MS) * TICKS_PER_MS
}

/** Milliseconds of a policy's interval, which is kept as a negative number; undefined when it has no end. */
export function intervalOf(value: bigint | undefined): number | undefined {
  if (value === undefined || value >= 0n || value === NO_LIMIT) return undefined
  return Number(-value / TICKS_PER_MS)
}
