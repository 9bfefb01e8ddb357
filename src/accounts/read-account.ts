import type { PersonRef } from '../access/actor.ts'
import type { Permit } from '../access/permit.ts'
import { isWithinReach } from '../access/reach.ts'
import { rankOf, rolesOf } from '../access/roles.ts'
import type { AccountState } from '../directory/account-state.ts'
import type { Directory } from '../directory/directory.ts'
import type { Entry } from '../ldap/entry.ts'
import { Problem } from '../problems/problem.ts'
import { findByLogin, type Asked } from './find-entry.ts'
import { personOf, personRefOf, type Person } from './person.ts'

/** An account as the service desk sees it: who it is and its true state. */
export type Account = {
  person: Person
  ref: PersonRef
  directory: Directory
  entry: Entry
  state: AccountState
}

/** Everything that the state, the reach of a role and the rule of a dynamic group may ask about. */
export const accountAttributes: Asked = (directory) => [
  '*',
  directory.idAttribute,
  ...directory.stateAttributes,
]

/** The account with that login within the permit's reach. Throws Problem `not-found`: what is out of reach does not exist for the agent. */
export async function readAccount(permit: Permit, login: string, now: Date): Promise<Account> {
  const found = await findByLogin(permit.agent.tenant, 'desk', login, accountAttributes)
  if (found === null || !isWithinReach(permit.reach, found.entry)) throw new Problem('not-found')
  const { branch, entry } = found
  return accountOf(branch.directory, entry, now)
}

export async function accountOf(directory: Directory, entry: Entry, now: Date): Promise<Account> {
  return {
    person: personOf(directory, entry),
    ref: personRefOf(directory, entry),
    directory,
    entry,
    state: await directory.accountState(entry, now),
  }
}

/** `readAccount` for an act on it. Throws Problem `more-privileged` when the account outranks the agent. */
export async function openAccount(permit: Permit, login: string, now: Date): Promise<Account> {
  const account = await readAccount(permit, login, now)
  if (rankOf(await rolesOf(permit.agent.tenant, account.entry)) > permit.rank)
    throw new Problem('more-privileged')
  return account
}
