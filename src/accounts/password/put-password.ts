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
  if (!('old' in by)) return await putPassword(place, password, by)
  const changed = await place.directory.changePassword(place.ref.dn, by.old, password)
  const isOwnersPast =
    changed.outcome === 'refused' && (changed.reason === 'old-password-wrong' || changed.reason === 'locked')
  return isOwnersPast ? await putPassword(place, password, { mustChange: false }) : orRefused(changed)
}

function orRefused(written: PasswordWrite): Put {
  if (written.outcome === 'refused') throw new Refused(written.reason)
  return written
}
