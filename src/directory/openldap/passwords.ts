import { passwordPolicy } from '../../ldap/controls/password-policy.ts'
import type { Dn } from '../../ldap/dn.ts'
import type { Pool } from '../../ldap/pool.ts'
import type { Directory, PasswordCheck } from '../directory.ts'
import { inEitherForm, isWrongPassword } from '../either-form.ts'
import { orUnavailable } from '../unavailable.ts'
import { acceptedBind } from '../policy-answers.ts'
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
    verifyPassword: (dn, typed) =>
      orUnavailable(() => inEitherForm(typed, (password) => bindOnce(pool, dn, password), isWrongPassword)),
    setPassword: (dn, password, options) => orUnavailable(() => resetPassword(over, dn, password, options)),
    changePassword: (dn, old, password) => orUnavailable(() => changePassword(over, dn, old, password)),
    passwordRules: (entry) =>
      orUnavailable(async () => {
        const policy = await policies.effectiveFor(entry)
        // What a check module (pwdCheckModule) asks for besides, no client can know.
        const length = policy?.checkQuality === true ? policy.minLength : 0
        return { length, capitals: 0, small: 0, digits: 0, signs: 0 }
      }),
  }
}

async function bindOnce(pool: Pool, dn: Dn, password: string): Promise<PasswordCheck> {
  try {
    return acceptedBind(await pool.verifyBind(dn, password, { controls: [passwordPolicy()] }))
  } catch (error) {
    return refusedBind(error)
  }
}
