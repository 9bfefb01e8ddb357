import { audienceOf } from '../access/audience.ts'
import type { Permit } from '../access/permit.ts'
import { reachAttributes, reachTest } from '../access/reach.ts'
import { stateNames, type StateName } from '../directory/account-state.ts'
import type { Branch } from '../directory/branch.ts'
import type { Entry } from '../ldap/entry.ts'
import { filter, type Filter } from '../ldap/filter.ts'
import { accountIdOf } from './account-id.ts'
import { newcomers } from './accounts-in-state.ts'
import type { DeskView } from './read-account.ts'

/** Null: nobody knows, since a directory does not let us see it. */
export type StateCounts = Readonly<Record<StateName, number | null>>

/**
 * How many accounts within the permit's reach are in each state at `now`. One reading of all candidates of all states: what is counted is what the
 * lists show. Throws Problem `directory-unavailable`, never a number that is too small.
 */
export async function countStates(
  { visibility }: DeskView,
  permit: Permit<'account.read'>,
  now: Date,
): Promise<StateCounts> {
  const counts = mapStates(() => 0)
  const isReached = reachTest(permit.reach)
  const isNew = newcomers(permit)
  for (const branch of permit.agent.tenant.uses.desk) {
    const { directory } = branch
    const isSeen = (entry: Entry) => {
      const target = { directory: directory.name, id: directory.idOf(entry) }
      const hidden = visibility.hiddenFrom(audienceOf(permit.agent, target), entry)
      return hidden !== 'entry' && isNew(accountIdOf(target))
    }
    const attributes = [
      directory.idAttribute,
      ...directory.stateAttributes,
      ...visibility.attributes,
      ...reachAttributes(permit.agent.roles),
    ]
    const query = { base: branch.base, filter: await candidatesOf(branch, now), attributes }
    for await (const entry of directory.list(query)) {
      if (!isReached(entry) || !isSeen(entry)) continue
      const { conditions } = await directory.accountState(entry, now)
      for (const kind of new Set(conditions.map((condition) => condition.kind))) counts[kind] += 1
    }
  }
  const unseen = new Set(await unseenStatesAt(permit.agent.tenant.uses.desk))
  return mapStates((state) => (unseen.has(state) ? null : counts[state]))
}

/** States of which at least one of the directories shows nothing. */
export async function unseenStatesAt(branches: readonly Branch[]): Promise<StateName[]> {
  const directories = [...new Set(branches.map(({ directory }) => directory))]
  return (await Promise.all(directories.map((directory) => directory.unseenStates()))).flat()
}

async function candidatesOf({ directory, filter: ofBranch }: Branch, now: Date): Promise<Filter> {
  // The state of which nearly everybody is a candidate comes first: the server stops at the first filter that holds.
  const states = new Set<StateName>(['closed-elsewhere', ...stateNames])
  const filters = await Promise.all([...states].map((state) => directory.stateFilter(state, now)))
  const anyState: Filter = { type: 'or', filters }
  return filter`(&${ofBranch}${anyState})`
}

function mapStates<T>(value: (state: StateName) => T): Record<StateName, T> {
  return {
    locked: value('locked'),
    disabled: value('disabled'),
    'not-started': value('not-started'),
    ended: value('ended'),
    idle: value('idle'),
    'closed-elsewhere': value('closed-elsewhere'),
    'password-expired': value('password-expired'),
    'must-change': value('must-change'),
    'password-expiring': value('password-expiring'),
    ending: value('ending'),
    'no-password': value('no-password'),
    'password-elsewhere': value('password-elsewhere'),
    'never-signed-in': value('never-signed-in'),
    dormant: value('dormant'),
  }
}
