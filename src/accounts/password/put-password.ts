import type { AcceptedPassword } from '../../directory/accepted-password.ts'
import type { PasswordRefusal, PasswordWrite } from '../../directory/directory.ts'
import { Problem } from '../../problems/problem.ts'
import type { Place } from './password-places.ts'
import { refusalProblem } from './password-refusal.ts'

/** By whom: an agent or a mailbox resets, an owner changes and proves the old password. */
export type By = { mustChange: boolean } | { old: string }

export type Put = Extract<PasswordWrite, { outcome: 'written' }>

/** A directory's refusal, with its own word for it. */
export class Refused extends Problem {
  readonly reason: PasswordRefusal

  constructor(reason: PasswordRefusal) {
    const { code, faults } = refusalProblem(reason)
    super(code, { faults })
    this.reason = reason
  }
}

/** Writes the password where the person signs in by it. Throws `Refused`. */
export async function putPassword(
  { directory, ref, entry }: Place,
  password: AcceptedPassword,
  by: By,
): Promise<Put> {
  return orRefused(
    'old' in by
      ? await directory.changePassword(ref.dn, by.old, password)
      : await directory.setPassword(ref.dn, password, { mustChange: by.mustChange, entry }),
  )
}

/**
 * Writes it in another directory of the same people. Where the old password is another one, or guesses locked the account, the owner has proven
 * who they are by the first directory: a reset by the service account is what keeps both passwords the same. It lifts neither an
 * agent's lock nor a disable. Throws `Refused`.
 */
export async function putPasswordBeside(place: Place, password: AcceptedPassword, by: By): Promise<Put> {
  const written = await writeBeside(place, password, by)
  if (written.outcome === 'refused' && written.reason === 'in-history')
    return (await confirmed(place, password, by)) ?? orRefused(written)
  return orRefused(written)
}

async function writeBeside(
  { directory, ref, entry }: Place,
  password: AcceptedPassword,
  by: By,
): Promise<PasswordWrite> {
  if (!('old' in by)) return await directory.setPassword(ref.dn, password, { ...by, entry })
  const changed = await directory.changePassword(ref.dn, by.old, password)
  const isOwnersPast =
    changed.outcome === 'refused' && (changed.reason === 'old-password-wrong' || changed.reason === 'locked')
  return isOwnersPast ? await directory.setPassword(ref.dn, password, { mustChange: false, entry }) : changed
}

/** It may be there already: by a try whose answer was lost, or because the person has had it there all along. Null when it is not. */
async function confirmed({ directory, ref }: Place, password: AcceptedPassword, by: By): Promise<Put | null> {
  const check = await directory.verifyPassword(ref.dn, password.reveal())
  if (check.outcome !== 'accepted') return null
  if ('mustChange' in by && by.mustChange) await directory.requireChange(ref.dn, true)
  return { outcome: 'written', putBack: [], lost: [] }
}

function orRefused(written: PasswordWrite): Put {
  if (written.outcome === 'refused') throw new Refused(written.reason)
  return written
}
