import { z } from 'zod'
import type { AccountState } from '../../src/directory/account-state.ts'
import type { Validity } from '../../src/directory/directory.ts'
import { dayOf, startOfDay } from '../web/time.ts'

/** A day of a form, `2026-11-25`, or nothing. */
export const typedDay = z.union([z.literal(''), z.iso.date()]).optional()

export type ValidityDays = { from: string; until: string }

/** The account's dates as days of the tenant: the last one is the day before the first instant that is not valid any more. */
export function validityDays({ validFrom, validUntil }: AccountState): ValidityDays {
  return {
    from: validFrom === undefined ? '' : dayOf(validFrom),
    until: validUntil === undefined ? '' : dayOf(lastMoment(validUntil)),
  }
}

/** What the typed days change: a day that is as shown leaves the exact instant, which may be of any hour. */
export function validityOf(typed: Partial<ValidityDays>, state: AccountState): Validity {
  const shown = validityDays(state)
  const { from = shown.from, until = shown.until } = typed
  return {
    ...(from !== shown.from && { from: from === '' ? null : startOfDay(from) }),
    ...(until !== shown.until && { until: until === '' ? null : startOfDay(dayAfter(until)) }),
  }
}

export function lastMoment(until: Date): Date {
  return new Date(until.getTime() - 1)
}

function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)
}
