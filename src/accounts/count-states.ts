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

export type StateCounts = Readonly<Record<StateName, number>>

/**
 * How many accounts within the permit's reach are in each state at `now`. One reading of all candidates of all states: what is counted is what the
 * lists show. Throws Problem `directory-unavailable`, never a number that is too small.
 */
export async function countStates(
  { visibility }: DeskView,
  permit: Permit<'account.read'>,
  now: Date,
): Promise<StateCounts> {
  const counts = emptyCounts()
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
  return counts
}

async function candidatesOf({ directory, filter: ofBranch }: Branch, now: Date): Promise<Filter> {
  const filters = await Promise.all(stateNames.map((state) => directory.stateFilter(state, now)))
  const anyState: Filter = { type: 'or', filters }
  return filter`(&${ofBranch}${anyState})`
}

function emptyCounts(): Record<StateName, number> {
  return {
    locked: 0,
    disabled: 0,
    'not-started': 0,
    ended: 0,
    idle: 0,
    'closed-elsewhere': 0,
    'password-expired': 0,
    'must-change': 0,
    'password-expiring': 0,
    ending: 0,
    'no-password': 0,
    'password-elsewhere': 0,
    'never-signed-in': 0,
    dormant: 0,
  }
}
