import type { Dn } from '../../ldap/dn.ts'
import { first } from '../../ldap/entry.ts'
import type { Operations } from '../../ldap/operations.ts'
import { Problem } from '../../problems/problem.ts'
import type { ActOutcome } from '../directory.ts'
import type { Policies } from './policies.ts'
import { DISABLED_UNTIL, validityOf } from './validity.ts'
import { withoutRace } from './without-race.ts'

/**
 * Puts our mark in the place of the start of validity. A start that is over is worth nothing; one that is still to come would be lost, and enabling
 * would open the account before its time: Problem `invalid-input` then, which says to move the date instead.
 */
export async function disable(pool: Operations, policies: Policies, dn: Dn, now: Date): Promise<ActOutcome> {
  return await withoutRace(async () => {
    const entry = await pool.read(dn, { attributes: ['pwdPolicySubentry', 'pwdStartTime'] })
    if (entry === undefined || (await policies.effectiveFor(entry)) === null) return 'not-enforced'
    const { disabled, from } = validityOf(entry)
    if (disabled) return 'already-so'
    if (from !== undefined && from > now)
      throw new Problem('invalid-input', { faults: [{ field: 'act', reason: 'starts-later' }] })
    const present = first(entry, 'pwdStartTime')
    await pool.modify(dn, [
      ...(present === undefined
        ? []
        : [{ operation: 'delete', attribute: 'pwdStartTime', values: [present] } as const]),
      { operation: 'add', attribute: 'pwdStartTime', values: [DISABLED_UNTIL] },
    ])
    return 'done'
  })
}
