import { randomInt } from 'node:crypto'
import { readPasswordModify } from '../../ldap/extended/password-modify.ts'
import { type Reader, requireSignedIn } from './access.ts'
import { differences, withAttributes } from './differences.ts'
import { changePassword } from './password-change.ts'
import { hasPassword } from './password-hash.ts'
import { Refusal } from './refusal.ts'
import { stampChanged } from './stamp.ts'
import { requireNode, type State } from './state.ts'

/** RFC 3062: sets a password, one's own or by a service account. Gives the password that was made when none was given. */
export async function modifyPassword(
  state: State,
  actor: Reader,
  value: Buffer | undefined,
): Promise<string | undefined> {
  requireSignedIn(actor)
  const { user = actor.dn, oldPassword, newPassword } = readPasswordModify(value)
  const node = requireNode(state.tree, user.replace(/^dn:/i, ''))
  const byOwner = node.key === actor.key
  if (!byOwner && (!actor.isWriter || actor.mustChange)) throw new Refusal('insufficientAccessRights')
  const before = node.entry
  const oldProven = oldPassword !== undefined && (await hasPassword(before, oldPassword.reveal()))
  if (oldPassword && !oldProven) throw new Refusal('unwillingToPerform', 'unwilling to verify old password')
  if (newPassword?.empty) throw new Refusal('protocolError', 'the new password is empty')
  const generated = newPassword ? undefined : generatePassword()
  const attributes = await changePassword(state, before, {
    value: newPassword?.reveal() ?? Buffer.from(generated ?? ''),
    byOwner,
    oldProven,
  })
  const after = withAttributes(node.entry, [...attributes, ...stampChanged(actor.dn, state.clock())])
  await state.commit(differences(node.entry, after))
  return generated
}

// Without 0 O 1 l I: it is read aloud and typed. 16 of them are 94 bits.
const alphabet = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'

function generatePassword(): string {
  return Array.from({ length: 16 }, () => alphabet[randomInt(alphabet.length)]).join('')
}
