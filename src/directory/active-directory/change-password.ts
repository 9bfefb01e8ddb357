import type { Dn } from '../../ldap/dn.ts'
import type { Operations } from '../../ldap/operations.ts'
import type { Pool } from '../../ldap/pool.ts'
import { normalizePassword, type AcceptedPassword } from '../accepted-password.ts'
import type { PasswordCheck, PasswordWrite } from '../directory.ts'
import { refusedBind, refusedWrite } from './password-outcome.ts'
import { changeFrom } from './unicode-pwd.ts'

/** Sets a password as its owner. The old one is tried in the form in which we write, then as it was typed: another tool may have set it. */
export async function changePassword(
  pool: Pool,
  dn: Dn,
  old: string,
  password: AcceptedPassword,
): Promise<PasswordWrite> {
  const normal = normalizePassword(old)
  const written = await changeAsOwner(pool, dn, normal, password)
  const isWrong = written.outcome === 'refused' && written.reason === 'old-password-wrong'
  return isWrong && normal !== old ? changeAsOwner(pool, dn, old, password) : written
}

/** As the person themselves, so that their own rights and the policy for changes apply. */
async function changeAsOwner(
  pool: Pool,
  dn: Dn,
  old: string,
  password: AcceptedPassword,
): Promise<PasswordWrite> {
  try {
    return await pool.asUser(dn, old, (connection) => write(connection, dn, old, password))
  } catch (error) {
    const check = refusedBind(error)
    // Neither may bind, though the password is proven. The same change by the service account proves it again, and keeps the history.
    const isProven = check.outcome === 'expired' || check.outcome === 'accepted'
    return isProven ? write(pool, dn, old, password) : { outcome: 'refused', reason: reasonOf(check) }
  }
}

async function write(
  connection: Pick<Operations, 'modify'>,
  dn: Dn,
  old: string,
  password: AcceptedPassword,
): Promise<PasswordWrite> {
  try {
    await connection.modify(dn, changeFrom(old, password.reveal()))
    return { outcome: 'written', putBack: [], lost: [] }
  } catch (error) {
    return refusedWrite(error)
  }
}

/** A closed account is told so: the server says it of right passwords only. */
function reasonOf({ reason }: Extract<PasswordCheck, { outcome: 'refused' }>) {
  if (reason === 'locked') return 'locked'
  return reason === 'shut' ? 'change-not-allowed' : 'old-password-wrong'
}
