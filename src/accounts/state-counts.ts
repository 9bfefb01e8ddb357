import { LRUCache } from 'lru-cache'
import { audienceOf } from '../access/audience.ts'
import type { Permit } from '../access/permit.ts'
import { countStates, type StateCounts } from './count-states.ts'
import type { DeskView } from './read-account.ts'

/** Milliseconds for which a count is shown again: every agent's first page has it, and counting reads a good part of the directory. */
const freshFor = 60_000

export type CountedStates = { counts: StateCounts; at: Date }
export type ReadStateCounts = (
  view: DeskView,
  permit: Permit<'account.read'>,
  now: Date,
) => Promise<CountedStates>

/** `countStates`, done once a minute for all agents who reach the same accounts. */
export function createStateCounts(): ReadStateCounts {
  const known = new LRUCache<string, Promise<CountedStates>>({ max: 200, ttl: freshFor })
  return (view, permit, now) => {
    const key = JSON.stringify([permit.agent.tenant.name, audienceOf(permit.agent), permit.reach])
    const last = known.get(key)
    if (last !== undefined) return last
    const counting = countStates(view, permit, now).then((counts) => ({ counts, at: now }))
    known.set(key, counting)
    // An outage is not a count.
    counting.catch(() => known.delete(key))
    return counting
  }
}
