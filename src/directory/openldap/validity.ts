import { first, type Entry } from '../../ldap/entry.ts'
import type { Condition } from '../account-state.ts'
import { time } from '../entry-time.ts'

/**
 * Our "disabled": a start of validity that never comes. HR feeds write pwdEndTime and resets by other tools lift locks; neither touches this.
 * It stays below 2106-02-07, where slapd's dates wrap.
 */
export const DISABLED_UNTIL = '20991231235959Z'

export type Validity = { disabled: boolean; from?: Date; until?: Date }

/** What pwdStartTime and pwdEndTime say, as slapd computes it. */
export function validityOf(entry: Entry): Validity {
  const disabled = first(entry, 'pwdStartTime') === DISABLED_UNTIL
  const from = disabled ? undefined : asSlapdCounts(time(entry, 'pwdStartTime'))
  const until = asSlapdCounts(time(entry, 'pwdEndTime'))
  return { disabled, ...(from && { from }), ...(until && { until }) }
}

/** slapd enforces both dates even where pwdLockout is FALSE. `soon`: milliseconds within which an end is announced. */
export function validityConditions(
  { disabled, from, until }: Validity,
  soon: number,
  now: Date,
): Condition[] {
  const conditions: Condition[] = []
  if (disabled) conditions.push({ kind: 'disabled' })
  if (from !== undefined && now < from) conditions.push({ kind: 'not-started', from })
  if (until !== undefined && now >= until) conditions.push({ kind: 'ended', since: until })
  else if (until !== undefined && until.getTime() - now.getTime() <= soon)
    conditions.push({ kind: 'ending', at: until })
  return conditions
}

/**
 * The instant that slapd makes of a validity date: it counts every fourth year as a leap year and keeps 32
 * bits of the seconds, so that an end in 9999 lies in 1970. Right until February 2100; seen on 2.5.13 and 2.6.10.
 */
export function asSlapdCounts(date: Date | undefined): Date | undefined {
  if (date === undefined) return undefined
  // Our calendar leaves out the leap day of 2100, 2200 and 2300, not of 2400.
  const lastFebruary = date.getUTCMonth() < 2 ? date.getUTCFullYear() - 1 : date.getUTCFullYear()
  const centuries = Math.floor(lastFebruary / 100) - 20
  const leftOut = centuries - Math.floor(centuries / 4)
  const seconds = Math.floor(date.getTime() / 1000) + leftOut * 86_400
  return new Date((((seconds % 2 ** 32) + 2 ** 32) % 2 ** 32) * 1000)
}
