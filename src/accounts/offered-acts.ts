import type { ClientActor, PersonActor } from '../access/actor.ts'
import { Permit } from '../access/permit.ts'
import { isWithinReach } from '../access/reach.ts'
import type { Condition } from '../directory/account-state.ts'
import type { DeskAccount } from './read-account.ts'
import { isOwn, rankOfAccount } from './read-account.ts'
import { deskActs, type DeskAct } from './reason.ts'

/** An act that makes sense now. `refused`: why it would come to nothing all the same; null when the agent may go ahead. */
export type OfferedAct = {
  act: DeskAct
  refused:
    | 'more-privileged'
    | 'own-account'
    | 'closed-elsewhere'
    | 'password-elsewhere'
    | 'not-enforced'
    | null
}

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

function boundOf(permit: Permit, account: DeskAccount, rank: number): OfferedAct['refused'] {
  if (isOwn(permit, account)) return 'own-account'
  return rank > permit.rank ? 'more-privileged' : null
}

function makesSense(act: DeskAct, account: DeskAccount): boolean {
  const has = (is: (condition: Condition) => boolean) => account.state.conditions.some(is)
  switch (act) {
    case 'reset':
      return true
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

function refusalOf(act: DeskAct, { state }: DeskAccount): OfferedAct['refused'] {
  if (act === 'reset') return foreignOf(state)
  return (act === 'lock' || act === 'disable') && !state.enforced ? 'not-enforced' : null
}

/** What makes a new password here wrong: it would reopen what another tool closed, or cut the account from the password it has elsewhere. */
export function foreignOf({
  conditions,
}: DeskAccount['state']): 'closed-elsewhere' | 'password-elsewhere' | null {
  const found = conditions.find(({ kind }) => kind === 'closed-elsewhere' || kind === 'password-elsewhere')
  return found?.kind === 'closed-elsewhere' || found?.kind === 'password-elsewhere' ? found.kind : null
}
