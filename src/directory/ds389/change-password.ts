import { passwordPolicy } from '../../ldap/controls/password-policy.ts'
import type { Dn } from '../../ldap/dn.ts'
import type { Entry } from '../../ldap/entry.ts'
import { normalizePassword, type AcceptedPassword } from '../accepted-password.ts'
import { refusesOurPassword } from '../closed-elsewhere.ts'
import type { PasswordWrite } from '../directory.ts'
import { refusedBind } from './password-outcome.ts'
import { beforeWriting, settle, type Over } from './reset-password.ts'
import { writePassword } from './write-password.ts'

type Change = { dn: Dn; entry: Entry | undefined; old: string; password: AcceptedPassword }

/** Sets a password as its owner. The old one is tried in the form in which we write, then as it was typed: another tool may have set it. */
export async function changePassword(
  over: Over,
  dn: Dn,
  old: string,
  password: AcceptedPassword,
): Promise<PasswordWrite> {
  const entry = await over.pool.read(dn, { attributes: beforeWriting })
  const reason = entry && refusesOurPassword(entry, over.clock())
  if (reason !== undefined) return { outcome: 'refused', reason }
  const normal = normalizePassword(old)
  const written = await changeAsOwner(over, { dn, entry, old: normal, password })
  const isWrong = written.outcome === 'refused' && written.reason === 'old-password-wrong'
  return isWrong && normal !== old ? changeAsOwner(over, { dn, entry, old, password }) : written
}

/** As the person themselves. Who cannot bind any more, since the password expired, has proven it by that: the service account then writes, old password in hand. */
async function changeAsOwner(over: Over, { dn, entry, old, password }: Change): Promise<PasswordWrite> {
  const both = { user: dn, oldPassword: old, newPassword: password.reveal() }
  try {
    return await over.pool.asUser(dn, old, (connection) => writePassword(connection, both), {
      controls: [passwordPolicy()],
    })
  } catch (error) {
    const check = refusedBind(error)
    if (check.outcome === 'refused')
      return { outcome: 'refused', reason: check.reason === 'wrong' ? 'old-password-wrong' : 'locked' }
    const policy = entry && (await over.policies.effectiveFor(entry))
    if (policy?.allowUserChange === false) return { outcome: 'refused', reason: 'change-not-allowed' }
    const written = await writePassword(over.pool, both)
    if (written.outcome === 'refused' || entry === undefined || policy === undefined) return written
    return settle(over, { entry, policy, mustChange: false })
  }
}
