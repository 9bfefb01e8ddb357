import type { StateName } from '../directory/account-state.ts'
import type { Branch } from '../directory/branch.ts'
import { toDn } from '../ldap/dn.ts'
import type { Entry } from '../ldap/entry.ts'
import { filter } from '../ldap/filter.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { accountIdOf } from './account-id.ts'

/** Days before the end of a password that count here: what a service desk can still do something about. A directory's `expiringWithin` may be less. */
const SOON_MS = 7 * 86_400_000

/** People whose state says anything about the whole. */
const SAMPLE = 20

const watched = ['locked', 'password-expired', 'password-expiring'] as const satisfies readonly StateName[]
type WatchedState = (typeof watched)[number]

export type AccountFigures = {
  /** Who may sign in here, whatever their state. */
  readonly people: number
  /** How many of them are in a state. One that the service account does not see is not there: 0 would say that nobody is. */
  readonly inState: ReadonlyMap<WatchedState, number>
}

/**
 * How many people a tenant has, and of how many the password ends soon or has ended, or the account is locked. Reads everyone's id, and all of those alone who
 * may be in such a state; throws Problem `directory-unavailable`, never a number that is too small.
 */
export async function measureAccounts(tenant: Tenant, now: Date): Promise<AccountFigures> {
  const counts = new Map<WatchedState, number>(watched.map((state) => [state, 0]))
  const branches = tenant.uses.signIn
  const unseen = new Set<WatchedState>()
  let people = 0
  const isCounted = eachOnce(branches)
  const isJudged = eachOnce(branches)
  for (const branch of branches) {
    const { directory, base } = branch
    const attributes = [directory.idAttribute]
    for await (const entry of directory.list({ base, filter: branch.filter, attributes }))
      if (isCounted(branch, entry)) people += 1
    for await (const entry of candidatesOf(branch, now))
      if (isJudged(branch, entry))
        for (const state of await statesOf(branch, entry, now))
          counts.set(state, (counts.get(state) ?? 0) + 1)
    for (const state of await unseenIn(branch, now)) unseen.add(state)
  }
  for (const state of unseen) counts.delete(state)
  return { people, inState: counts }
}

/** Branches may overlap. With one there is nothing to remember. */
function eachOnce(branches: readonly Branch[]): (branch: Branch, entry: Entry) => boolean {
  if (branches.length < 2) return () => true
  const seen = new Set<string>()
  return ({ directory }, entry) => {
    const id = accountIdOf({ directory: directory.name, id: directory.idOf(entry) })
    return seen.size < seen.add(id).size
  }
}

async function* candidatesOf({ directory, base, filter: ofBranch }: Branch, now: Date) {
  const filters = await Promise.all(watched.map((state) => directory.stateFilter(state, now)))
  const anyState = { type: 'or', filters } as const
  const attributes = [directory.idAttribute, ...directory.stateAttributes]
  yield* directory.list({ base, filter: filter`(&${ofBranch}${anyState})`, attributes })
}

async function statesOf({ directory }: Branch, entry: Entry, now: Date): Promise<WatchedState[]> {
  const { conditions } = await directory.accountState(entry, now)
  return watched.filter((state) =>
    conditions.some(
      (one) =>
        one.kind === state &&
        (one.kind !== 'password-expiring' || one.at.getTime() <= now.getTime() + SOON_MS),
    ),
  )
}

/** Nothing is locked and nothing ends where no policy is seen, and what is hidden is in nobody's entry. */
async function unseenIn(
  { directory, base, filter: ofBranch }: Branch,
  now: Date,
): Promise<readonly WatchedState[]> {
  const query = { base, filter: ofBranch, attributes: directory.stateAttributes, limit: SAMPLE }
  const { entries } = await directory.find(query)
  const [first] = entries
  if (first === undefined) return []
  const states = await Promise.all(entries.map((entry) => directory.accountState(entry, now)))
  if (!states.some(({ enforced }) => enforced)) return watched
  const hidden = await directory.hiddenStates(toDn(first.dn))
  return watched.filter((state) => hidden.includes(state))
}
