import type { Actor } from '../../access/actor.ts'
import { bytes } from '../../ldap/entry.ts'
import { Problem } from '../../problems/problem.ts'
import { accountIdOf } from '../account-id.ts'
import { seeByHandle, visiblePersonAttributes, type PeopleView } from './visible-person.ts'

/** The photo's bytes as the directory holds them: anything may be in there. Throws Problem `not-found` when there is none that the actor may see. */
export async function readPhoto(
  view: PeopleView,
  actor: Actor,
  handle: string,
): Promise<{ accountId: string; image: Buffer }> {
  const asked = visiblePersonAttributes(view.visibility)
  const { person, found, hidden } = await seeByHandle(view, actor, handle, (directory) => [
    ...asked(directory),
    directory.attributes.photo,
  ])
  const [image] = bytes(found.entry, found.branch.directory.attributes.photo)
  if (image === undefined || hidden.has('photo')) throw new Problem('not-found')
  return { accountId: accountIdOf(person), image }
}
