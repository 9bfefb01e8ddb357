import type { PersonActor } from '../access/actor.ts'
import type { AccountState } from '../directory/account-state.ts'
import { Problem } from '../problems/problem.ts'
import { accountIdOf } from './account-id.ts'
import { findByAccountId } from './find-entry.ts'
import { personAttributes, personOf, type Person } from './person.ts'

export type OwnAccount = { person: Person; state: AccountState }

/** The actor's own account, read now: what was read for the request may be some seconds old. Throws Problem `not-found` when it is gone. */
export async function readOwnAccount({ tenant, person }: PersonActor, now: Date): Promise<OwnAccount> {
  const found = await findByAccountId(tenant, 'signIn', accountIdOf(person), (directory) => [
    ...personAttributes(directory),
    ...directory.stateAttributes,
  ])
  if (found === null) throw new Problem('not-found')
  const { directory } = found.branch
  return {
    person: personOf(directory, found.entry),
    state: await directory.accountState(found.entry, now),
  }
}
