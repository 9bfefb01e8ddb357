import type { Permit } from '../access/permit.ts'
import { reachTest } from '../access/reach.ts'
import type { StateName } from '../directory/account-state.ts'
import { filter } from '../ldap/filter.ts'
import { accountIdOf } from './account-id.ts'
import { deskAttributes, seeAccount, type DeskAccount, type DeskView } from './read-account.ts'

/**
 * Every account within the permit's reach that is in the state at `now`, in the directory's order, each once: candidates are selected by filter on
 * the server, beyond its size limits, and each is confirmed by its own state. Streams; throws Problem `directory-unavailable` rather than end early.
 */
export async function* accountsInState(
  view: DeskView,
  permit: Permit<'account.read'>,
  state: StateName,
  now: Date,
): AsyncGenerator<DeskAccount> {
  const isReached = reachTest(permit.reach)
  const asked = deskAttributes(view, permit)
  const isNew = newcomers(permit)
  for (const branch of permit.agent.tenant.uses.desk) {
    const { directory, base } = branch
    const selected = filter`(&${branch.filter}${await directory.stateFilter(state, now)})`
    const candidates = directory.list({ base, filter: selected, attributes: asked(directory) })
    for await (const entry of candidates) {
      if (!isReached(entry)) continue
      const account = await seeAccount(view, permit, { branch, entry }, now)
      if (account === null || !account.state.conditions.some(({ kind }) => kind === state)) continue
      if (isNew(accountIdOf(account.ref))) yield account
    }
  }
}

/** Branches may overlap, so that an account comes twice. With one branch there is nothing to remember. */
export function newcomers({ agent }: Permit): (accountId: string) => boolean {
  if (agent.tenant.uses.desk.length < 2) return () => true
  const seen = new Set<string>()
  return (accountId) => {
    if (seen.has(accountId)) return false
    seen.add(accountId)
    return true
  }
}
