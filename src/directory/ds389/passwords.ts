import { passwordPolicy } from '../../ldap/controls/password-policy.ts'
import type { Dn } from '../../ldap/dn.ts'
import type { Pool } from '../../ldap/pool.ts'
import { normalizePassword } from '../accepted-password.ts'
import type { Directory, PasswordCheck } from '../directory.ts'
import { acceptedBind } from '../openldap/password-outcome.ts'
import { orUnavailable } from '../unavailable.ts'
import { changePassword } from './change-password.ts'
import { refusedBind } from './password-outcome.ts'
import type { Policies } from './policies.ts'
import { resetPassword } from './reset-password.ts'

/** Proving and writing passwords by RFC 3062: the server hashes, checks quality and keeps history. */
export function passwords(
  pool: Pool,
  policies: Policies,
  clock: () => Date,
): Pick<Directory, 'verifyPassword' | 'setPassword' | 'changePassword' | 'passwordRules'> {
  const over = { pool, policies, clock }
  return {
    verifyPassword: (dn, password) => orUnavailable(() => verify(pool, dn, password)),
    setPassword: (dn, password, options) => orUnavailable(() => resetPassword(over, dn, password, options)),
    changePassword: (dn, old, password) => orUnavailable(() => changePassword(over, dn, old, password)),
    passwordRules: (entry) => orUnavailable(async () => (await policies.effectiveFor(entry)).minimum),
  }
}

/** Tries the normalised form, and the raw one only where they differ: passwords set by other tools may be in any form, and each try counts. */
async function verify(pool: Pool, dn: Dn, password: string): Promise<PasswordCheck> {
  const normal = normalizePassword(password)
  const check = await bindOnce(pool, dn, normal)
  return check.outcome === 'refused' && check.reason === 'wrong' && normal !== password
    ? bindOnce(pool, dn, password)
    : check
}

async function bindOnce(pool: Pool, dn: Dn, password: string): Promise<PasswordCheck> {
  try {
    return acceptedBind(await pool.verifyBind(dn, password, { controls: [passwordPolicy()] }))
  } catch (error) {
    return refusedBind(error)
  }
}
