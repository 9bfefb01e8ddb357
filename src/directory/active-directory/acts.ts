import type { Dn } from '../../ldap/dn.ts'
import { first } from '../../ldap/entry.ts'
import type { Operations } from '../../ldap/operations.ts'
import type { ActOutcome, Directory } from '../directory.ts'
import { orUnavailable } from '../unavailable.ts'
import { setDisabled } from './set-disabled.ts'
import { setValidity } from './set-validity.ts'
import { has, NEVER_EXPIRES } from './user-account-control.ts'

/** The acts. A lock is what wrong passwords lead to: nobody can set one. */
export function acts(
  pool: Operations,
): Pick<Directory, 'unlock' | 'lock' | 'disable' | 'enable' | 'requireChange' | 'setValidity'> {
  return {
    unlock: (dn) => orUnavailable(() => unlock(pool, dn)),
    lock: () => Promise.resolve('not-supported'),
    disable: (dn) => orUnavailable(() => setDisabled(pool, dn, true)),
    enable: (dn) => orUnavailable(() => setDisabled(pool, dn, false)),
    requireChange: (dn, required) => orUnavailable(() => requireChange(pool, dn, required)),
    setValidity: (dn, validity) => orUnavailable(() => setValidity(pool, dn, validity)),
  }
}

/** The controller forgets the wrong passwords with it. */
async function unlock(pool: Operations, dn: Dn): Promise<ActOutcome> {
  const entry = await pool.read(dn, { attributes: ['lockoutTime'] })
  if (entry === undefined || (first(entry, 'lockoutTime') ?? '0') === '0') return 'already-so'
  return replace(pool, dn, 'lockoutTime', '0')
}

/** pwdLastSet takes only 0 (change it) and -1 (as if it had been set now): that the demand is taken back makes the password young. */
async function requireChange(pool: Operations, dn: Dn, required: boolean): Promise<ActOutcome> {
  const entry = await pool.read(dn, { attributes: ['pwdLastSet', 'userAccountControl'] })
  if (required && (entry === undefined || has(entry, NEVER_EXPIRES))) return 'not-enforced'
  const isRequired = entry !== undefined && first(entry, 'pwdLastSet') === '0'
  if (isRequired === required) return 'already-so'
  return replace(pool, dn, 'pwdLastSet', required ? '0' : '-1')
}

async function replace(pool: Operations, dn: Dn, attribute: string, value: string): Promise<ActOutcome> {
  await pool.modify(dn, [{ operation: 'replace', attribute, values: [value] }])
  return 'done'
}
