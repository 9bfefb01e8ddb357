import type { Dn } from '../../ldap/dn.ts'
import { first } from '../../ldap/entry.ts'
import type { Operations } from '../../ldap/operations.ts'
import { resultCode } from '../../ldap/result-code.ts'
import { LdapError } from '../../ldap/result.ts'
import type { ActOutcome } from '../directory.ts'
import { ACCOUNT_DISABLED } from './user-account-control.ts'

const ATTEMPTS = 8

/**
 * One bit of a number with many: the value that was read is taken out and the new one put in, in one step. Whoever changed another bit in
 * between has their change kept: the step then fails, and it is done again from what is there now.
 */
export async function setDisabled(pool: Operations, dn: Dn, disabled: boolean): Promise<ActOutcome> {
  const attribute = 'userAccountControl'
  for (let attempt = 1; ; attempt++) {
    const entry = await pool.read(dn, { attributes: [attribute] })
    const value = entry && first(entry, attribute)
    if (value === undefined)
      throw new TypeError(`no account, or the service account may not read ${attribute}`)
    const wanted = String(disabled ? Number(value) | ACCOUNT_DISABLED : Number(value) & ~ACCOUNT_DISABLED)
    if (wanted === value) return 'already-so'
    try {
      await pool.modify(dn, [
        { operation: 'delete', attribute, values: [value] },
        { operation: 'add', attribute, values: [wanted] },
      ])
      return 'done'
    } catch (error) {
      const isLostRace = error instanceof LdapError && error.code === resultCode.noSuchAttribute
      if (!isLostRace || attempt === ATTEMPTS) throw error
    }
  }
}
