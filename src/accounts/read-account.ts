import type { PersonRef } from '../access/actor.ts'
import { audienceOf } from '../access/audience.ts'
import type { Permit } from '../access/permit.ts'
import { isWithinReach, reachAttributes } from '../access/reach.ts'
import { rankOf, rolesOf } from '../access/roles.ts'
import type { Visibility } from '../access/visibility.ts'
import type { AccountState } from '../directory/account-state.ts'
import type { Directory } from '../directory/directory.ts'
import { groupingAttributes } from '../directory/groups.ts'
import type { Entry } from '../ldap/entry.ts'
import { Problem } from '../problems/problem.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { accountIdOf } from './account-id.ts'
import { findByLogin, type Asked, type Found } from './find-entry.ts'
import { passwordAttributes } from './password/password-places.ts'
import { namesOf } from './find-for-sign-in.ts'
import { personAttributes, personOf, personRefOf, projectPerson, type Person } from './person.ts'

/** An account: who it is, all that the directory says, and its true state. */
export type Account = {
  person: Person
  ref: PersonRef
  directory: Directory
  entry: Entry
  state: AccountState
}

/**
 * An account as the service desk works on it. `shown` is what the agent may see; `person` is for our own use:
 * mails are sent to addresses that the agent may not see. The login is always shown: it is what the desk
 * works with.
 */
export type DeskAccount = Account & { shown: Person }

/** What decides what is seen of an account. */
export type DeskView = { visibility: Visibility }

/** What `accountOf` reads. Never `*`: entries hold photos. */
const accountAttributes: Asked = (directory) => [
  ...personAttributes(directory),
  ...passwordAttributes(directory),
]

/** The same, and what the reach of the agent's roles and rules of visibility ask about. */
export function deskAttributes({ visibility }: DeskView, permit: Permit): Asked {
  const asked = [...visibility.attributes, ...reachAttributes(permit.agent.roles)]
  return (directory) => [...new Set([...accountAttributes(directory), ...asked])]
}

/** The account with that login within the permit's reach. Throws Problem `not-found`: what is out of reach does not exist for the agent. */
export async function readAccount(
  view: DeskView,
  permit: Permit,
  login: string,
  now: Date,
): Promise<DeskAccount> {
  const { tenant } = permit.agent
  // The account's rank is asked for next, so that its entry must also be one that dynamic groups can judge.
  const rules = await groupingAttributes(tenant.uses.groups)
  const attributes = deskAttributes(view, permit)
  const found = await findByLogin(tenant, 'desk', login, (directory) => [...attributes(directory), ...rules])
  const account = found === null ? null : await seeAccount(view, permit, found, now)
  if (account === null || !isWithinReach(permit.reach, account.entry)) throw new Problem('not-found')
  return account
}

/** Null when the entry is hidden from the agent. */
export async function seeAccount(
  { visibility }: DeskView,
  { agent }: Permit,
  { branch, entry }: Found,
  now: Date,
): Promise<DeskAccount | null> {
  const { directory } = branch
  const target = { directory: directory.name, id: directory.idOf(entry) }
  const hidden = visibility.hiddenFrom(audienceOf(agent, target), entry)
  if (hidden === 'entry') return null
  const account = await accountOf(directory, entry, now)
  const { login, dn, handle, displayName } = account.person
  return { ...account, shown: { ...projectPerson(account.person, hidden), login, dn, handle, displayName } }
}

async function accountOf(directory: Directory, entry: Entry, now: Date): Promise<Account> {
  return {
    person: personOf(directory, entry),
    ref: personRefOf(directory, entry),
    directory,
    entry,
    state: await directory.accountState(entry, now),
  }
}

/** The account's own rank. Of an account that `readAccount` gave. */
export async function rankOfAccount(tenant: Tenant, { entry }: Account): Promise<number> {
  return rankOf(await rolesOf(tenant, entry))
}

/** What guesses at the account are counted by. */
export function guessesOf({ ref, entry, directory }: Account): { accountId: string; names: string[] } {
  return { accountId: accountIdOf(ref), names: namesOf(directory, entry) }
}

/** Whether the account is the agent's own. */
export function isOwn({ agent }: Permit, { ref }: Account): boolean {
  return agent.kind === 'person' && accountIdOf(agent.person) === accountIdOf(ref)
}

/**
 * Throws Problem `more-privileged` when the account outranks the agent, `own-account` when it is the agent's
 * own: whoever finds an unlocked screen must not be able to give themselves its owner's password without the
 * old one.
 */
export async function refuseOutOfBounds(permit: Permit, account: Account): Promise<void> {
  const { agent, rank } = permit
  if (isOwn(permit, account)) throw new Problem('own-account')
  if ((await rankOfAccount(agent.tenant, account)) > rank) throw new Problem('more-privileged')
}
