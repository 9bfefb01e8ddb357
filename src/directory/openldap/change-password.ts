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

/** As the person themselves, so that their own rights and the policy for changes apply. An expired password that is right proves them too. */
async function changeAsOwner(over: Over, given: Change): Promise<PasswordWrite> {
  const { dn, old, password } = given
  const both = { oldPassword: old, newPassword: password.reveal() }
  try {
    return await over.pool.asUser(dn, old, (connection) => writePassword(connection, both), {
      controls: [passwordPolicy()],
    })
  } catch (error) {
    const check = refusedBind(error)
    if (check.outcome === 'expired') return changeExpired(over, given)
    return { outcome: 'refused', reason: check.reason === 'locked' ? 'locked' : 'old-password-wrong' }
  }
}

/**
 * By the service account, since the person cannot bind any more. The server checks the old password once more (and with pwdSafeModify wants it);
 * that people may change theirs at all it asks of themselves only, so we do.
 */
async function changeExpired(
  over: Over,
  { dn, entry, old: oldPassword, password }: Change,
): Promise<PasswordWrite> {
  const policy = entry && (await over.policies.effectiveFor(entry))
  if (policy?.allowUserChange === false) return { outcome: 'refused', reason: 'change-not-allowed' }
  const newPassword = password.reveal()
  const written = await writePassword(over.pool, { user: dn, oldPassword, newPassword })
  return written.outcome === 'written' && entry !== undefined
    ? settle(over.pool, { entry, policy, mustChange: false })
    : written
}
