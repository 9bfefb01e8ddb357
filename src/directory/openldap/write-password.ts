import { passwordPolicy } from '../../ldap/controls/password-policy.ts'
import type { PasswordModify } from '../../ldap/extended/password-modify.ts'
import type { Operations } from '../../ldap/operations.ts'
import type { PasswordWrite } from '../directory.ts'
import { refusedWrite } from './password-outcome.ts'

/** The password exop (RFC 3062), asked why when it is refused. What it throws says nothing about the password; once it is `written`, nobody may throw any more. */
export async function writePassword(
  connection: Pick<Operations, 'passwordModify'>,
  change: PasswordModify,
): Promise<PasswordWrite> {
  try {
    await connection.passwordModify(change, { controls: [passwordPolicy()] })
    return { outcome: 'written', putBack: [], lost: [] }
  } catch (error) {
    return refusedWrite(error, change.oldPassword !== undefined)
  }
}
