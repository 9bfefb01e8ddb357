import type { ClientActor, PersonActor } from '../access/actor.ts'
import { Permit } from '../access/permit.ts'
import { isWithinReach } from '../access/reach.ts'
import type { DirectoryKind } from '../config/directory-schema.ts'
import type { Condition } from '../directory/account-state.ts'
import { passThroughRules } from './password/password-places.ts'
import type { DeskAccount } from './read-account.ts'
import { isOwn, rankOfAccount } from './read-account.ts'
import { deskActs, type DeskAct } from './reason.ts'
import { placeOfLogin } from './rename-account.ts'

/** Why an act that makes sense would come to nothing all the same. */
export const actRefusals = [
  'more-privileged',
  'own-account',
  'closed-elsewhere',
  'password-elsewhere',
  'not-enforced',
  'not-supported',
] as const
export type ActRefusal = (typeof actRefusals)[number]

/** An act that makes sense now; `refused` is null when the agent may go ahead. */
export type OfferedAct = { act: DeskAct; refused: ActRefusal | null }

/** The acts that the agent's roles allow on the account and that its present state gives a sense. */
export async function offeredActs(
  agent: PersonActor | ClientActor,
  account: DeskAccount,
): Promise<OfferedAct[]> {
  const permits = deskActs
    .filter((act) => Permit.allows(agent, `account.${act}`) && makesSense(act, account))
    .map((act) => ({ act, permit: Permit.for(agent, `account.${act}`) }))
    .filter(({ permit }) => isWithinReach(permit.reach, account.entry))
  if (permits.length === 0) return []
  const rank = await rankOfAccount(agent.tenant, account)
  return permits.map(({ act, permit }) => ({
    act,
    refused: boundOf(permit, account, rank) ?? refusalOf(act, account),
  }))
}

/** Whether the product knows a day from which an account is valid. */
export function hasStartDate(kind: DirectoryKind): boolean {
  return kind === 'openldap'
}

/** What a product has nothing for. */
const unsupported: Readonly<Record<DirectoryKind, readonly DeskAct[]>> = {
  openldap: [],
  'active-directory': ['lock'],
  ds389: ['validity'],
}

function boundOf(permit: Permit, account: DeskAccount, rank: number): ActRefusal | null {
  if (isOwn(permit, account)) return 'own-account'
  return rank > permit.rank ? 'more-privileged' : null
}

function makesSense(act: DeskAct, account: DeskAccount): boolean {
  const has = (is: (condition: Condition) => boolean) => account.state.conditions.some(is)
  switch (act) {
    case 'reset':
    case 'validity':
    case 'rename':
      return true
    case 'require-change':
      return !has(({ kind }) => kind === 'must-change')
    case 'unlock':
      return has(({ kind }) => kind === 'locked')
    case 'lock':
      return !has((condition) => condition.kind === 'locked' && condition.by === 'agent')
    case 'disable':
      return !has(({ kind }) => kind === 'disabled')
    case 'enable':
      return has(({ kind }) => kind === 'disabled')
  }
}

function refusalOf(act: DeskAct, account: DeskAccount): ActRefusal | null {
  if (unsupported[account.directory.kind].includes(act)) return 'not-supported'
  switch (act) {
    case 'reset':
      return foreignOf(account)
    case 'require-change':
      return foreignOf(account) ?? unenforced(account)
    case 'lock':
    case 'disable':
    case 'validity':
      return unenforced(account)
    case 'rename':
      return placeOfLogin(account) === 'part-of-rdn' ? 'not-supported' : null
    case 'unlock':
    case 'enable':
      return null
  }
}

function unenforced({ state }: DeskAccount): ActRefusal | null {
  return state.enforced ? null : 'not-enforced'
}

/** What makes a new password here wrong: it would reopen what another tool closed, or cut the account from the password it has elsewhere. */
function foreignOf({ state, directory }: DeskAccount): ActRefusal | null {
  for (const condition of state.conditions) {
    if (condition.kind === 'closed-elsewhere') return 'closed-elsewhere'
    if (
      condition.kind === 'password-elsewhere' &&
      passThroughRules(directory, condition.identity).length === 0
    )
      return 'password-elsewhere'
  }
  return null
}
