import type { Dn } from '../../ldap/dn.ts'
import type { Entry } from '../../ldap/entry.ts'
import type { Operations } from '../../ldap/operations.ts'
import type { AcceptedPassword } from '../accepted-password.ts'
import type { PasswordWrite } from '../directory.ts'
import type { Domain } from './domain.ts'
import { refusedWrite } from './password-outcome.ts'
import { resetTo } from './unicode-pwd.ts'
import { has, SMARTCARD_REQUIRED } from './user-account-control.ts'

/**
 * Sets a password as the service account, and whether it has to be changed in the same step: without that, the controller takes any such
 * demand back. A lock and a disabled account stay as they are. Where a smart card is wanted it is refused: the controller would let the person
 * in without it.
 */
export async function resetPassword(
  pool: Operations,
  { resetControls }: Domain,
  dn: Dn,
  password: AcceptedPassword,
  { mustChange, entry: given }: { mustChange: boolean; entry?: Entry },
): Promise<PasswordWrite> {
  const entry = given ?? (await pool.read(dn, { attributes: ['userAccountControl'] }))
  if (entry !== undefined && has(entry, SMARTCARD_REQUIRED)) {
    return { outcome: 'refused', reason: 'change-not-allowed' }
  }
  const reset = resetTo(password.reveal())
  const changes = mustChange
    ? ([reset, { operation: 'replace', attribute: 'pwdLastSet', values: ['0'] }] as const)
    : [reset]
  try {
    await pool.modify(dn, changes, { controls: resetControls })
  } catch (error) {
    return refusedWrite(error)
  }
  if (!mustChange) await endGraceOfTheOld(() => pool.modify(dn, [reset]))
  return { outcome: 'written', putBack: [], lost: [] }
}

/**
 * For an hour (OldPasswordAllowedPeriod) binds take the password before the present one too, while it need not be changed: the hour of whoever
 * stole it. Written once more, without the control by which it would be in its own history, the one before is itself.
 */
async function endGraceOfTheOld(again: () => Promise<unknown>): Promise<void> {
  try {
    await again()
  } catch {
    // The password is set: neither what the server may have against this nor a lost connection undoes that.
  }
}
