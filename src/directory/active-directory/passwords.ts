import type { Dn } from '../../ldap/dn.ts'
import type { Pool } from '../../ldap/pool.ts'
import type { Directory, PasswordCheck, PasswordRules } from '../directory.ts'
import { inEitherForm, isWrongPassword } from '../either-form.ts'
import { orUnavailable } from '../unavailable.ts'
import { changePassword } from './change-password.ts'
import type { Domain } from './domain.ts'
import { refusedBind } from './password-outcome.ts'
import type { Policies } from './policies.ts'
import type { PolicyEntry } from './policy.ts'
import { resetPassword } from './reset-password.ts'

/** Proving passwords by binds, writing them by unicodePwd: the controller checks quality and keeps history. */
export function passwords(
  pool: Pool,
  domain: () => Promise<Domain>,
  policies: Policies,
): Pick<Directory, 'verifyPassword' | 'setPassword' | 'changePassword' | 'passwordRules'> {
  return {
    verifyPassword: (dn, typed) =>
      orUnavailable(() => inEitherForm(typed, (password) => bindOnce(pool, dn, password), isWrongPassword)),
    setPassword: (dn, password, options) =>
      orUnavailable(async () => resetPassword(pool, await domain(), dn, password, options)),
    changePassword: (dn, old, password) => orUnavailable(() => changePassword(pool, dn, old, password)),
    passwordRules: (entry) => orUnavailable(async () => rulesOf((await policies.effectiveFor(entry)).rules)),
  }
}

/** Complexity asks for three of five kinds of characters: we make it these three. */
function rulesOf(policy: PolicyEntry | null): PasswordRules {
  const each = policy?.complexity === true ? 1 : 0
  return { length: policy?.minLength ?? 0, capitals: each, small: each, digits: each, signs: 0 }
}

async function bindOnce(pool: Pool, dn: Dn, password: string): Promise<PasswordCheck> {
  try {
    await pool.verifyBind(dn, password)
    return { outcome: 'accepted', mustChange: false }
  } catch (error) {
    return refusedBind(error)
  }
}
