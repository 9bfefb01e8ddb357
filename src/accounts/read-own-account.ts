import type { PersonActor } from '../access/actor.ts'
import { hideable } from '../access/visibility.ts'
import type { AccountState } from '../directory/account-state.ts'
import { Problem } from '../problems/problem.ts'
import { accountIdOf } from './account-id.ts'
import { findByAccountId } from './find-entry.ts'
import { personAttributes, personOf, projectPerson, type Person } from './person.ts'
import type { PeopleView } from './people/visible-person.ts'

/** `person`: what they may see of themselves. */
export type OwnAccount = { person: Person; state: AccountState }

/** The actor's own account, read now: what was read for the request may be some seconds old. Throws Problem `not-found` when it is gone. */
export async function readOwnAccount(
  { visibility, search }: PeopleView,
  { tenant, person: self }: PersonActor,
  now: Date,
): Promise<OwnAccount> {
  const found = await findByAccountId(tenant, 'signIn', accountIdOf(self), (directory) => [
    ...personAttributes(directory),
    ...directory.stateAttributes,
    ...visibility.attributes,
  ])
  if (found === null) throw new Problem('not-found')
  const { directory } = found.branch
  const hidden = visibility.hiddenFrom('self', found.entry)
  const person = personOf(directory, found.entry)
  person.hasPhoto = search.hasPhoto(person)
  return {
    person: projectPerson(person, hidden === 'entry' ? new Set(hideable) : hidden),
    state: await directory.accountState(found.entry, now),
  }
}
