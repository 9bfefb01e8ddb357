import type { Dn } from '../../ldap/dn.ts'
import { first, type Entry } from '../../ldap/entry.ts'
import { formatGeneralizedTime, parseGeneralizedTime } from '../../ldap/generalized-time.ts'
import type { Operations } from '../../ldap/operations.ts'
import type { Change } from '../../ldap/update-message.ts'
import { Problem } from '../../problems/problem.ts'
import type { ActOutcome, Validity } from '../directory.ts'
import type { Policies } from './policies.ts'
import { asSlapdCounts, DISABLED_UNTIL } from './validity.ts'
import { withoutRace } from './without-race.ts'

/**
 * Sets pwdStartTime and pwdEndTime in one modification. A disabled account stays so: its start is our mark. Throws Problem `invalid-input` for a
 * date that slapd would take for another one (before 1970, from March 2100 on), and for a start while disabled, which could not be kept.
 */
export async function setValidity(
  pool: Operations,
  policies: Policies,
  dn: Dn,
  { from, until }: Validity,
): Promise<ActOutcome> {
  requireKept('from', from)
  requireKept('until', until)
  return await withoutRace(async () => {
    const entry = await pool.read(dn, { attributes: ['pwdPolicySubentry', 'pwdStartTime', 'pwdEndTime'] })
    if (entry === undefined || (await policies.effectiveFor(entry)) === null) return 'not-enforced'
    const isDisabled = first(entry, 'pwdStartTime') === DISABLED_UNTIL
    if (isDisabled && from) throw fault('from', 'account-disabled')
    const changes = [
      ...(isDisabled ? [] : changeTo(entry, 'pwdStartTime', from)),
      ...changeTo(entry, 'pwdEndTime', until),
    ]
    if (changes.length === 0) return 'already-so'
    await pool.modify(dn, changes)
    return 'done'
  })
}

/** Takes the very value that was read: where somebody disabled the account meanwhile, the server refuses, and all is judged anew. */
function changeTo(entry: Entry, attribute: string, date: Date | null | undefined): Change[] {
  const present = first(entry, attribute)
  if (date === undefined || (date === null && present === undefined)) return []
  const value = date === null ? undefined : formatGeneralizedTime(date)
  if (value !== undefined && present !== undefined && isSame(present, value)) return []
  return [
    ...(present === undefined ? [] : [{ operation: 'delete', attribute, values: [present] } as const]),
    ...(value === undefined ? [] : [{ operation: 'add', attribute, values: [value] } as const]),
  ]
}

function isSame(one: string, other: string): boolean {
  return parseGeneralizedTime(one)?.getTime() === parseGeneralizedTime(other)?.getTime()
}

function requireKept(field: string, date: Date | null | undefined): void {
  if (!date) return
  const seconds = Math.floor(date.getTime() / 1000) * 1000
  const isMark = field === 'from' && formatGeneralizedTime(date) === DISABLED_UNTIL
  if (isMark || asSlapdCounts(date)?.getTime() !== seconds) throw fault(field, 'date-not-kept')
}

function fault(field: string, reason: string): Problem {
  return new Problem('invalid-input', { faults: [{ field, reason }] })
}
