import type { GuardFinding } from '../../src/store/sync-runs.ts'
import type { Guards } from '../task/task.ts'

const WINDOW = 3_600_000

/** The guard of a feed: what leaves within an hour counts together, as in one run. */
export type DepartureGuard = {
  /** Null: they may leave. `known`: how many records the task looks after; asked only when it matters. */
  check(departures: number, known: () => Promise<number>): Promise<GuardFinding | null>
}

export function createDepartureGuard(guards: Guards, clock: () => Date): DepartureGuard {
  let past: { at: number; count: number }[] = []
  return {
    async check(departures, known) {
      if (departures === 0) return null
      const now = clock().getTime()
      past = past.filter(({ at }) => now - at < WINDOW)
      past.push({ at: now, count: departures })
      const count = past.reduce((sum, one) => sum + one.count, 0)
      if (count <= guards.deletes) return null
      const limit = Math.max(guards.deletes, Math.floor((await known()) * guards.deleteShare))
      return count > limit ? { guard: 'deletes', count, limit } : null
    },
  }
}
