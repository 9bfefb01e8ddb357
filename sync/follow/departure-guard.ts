import { type GuardFinding, noCounts } from '../../src/store/sync-runs.ts'
import { guardFindings } from '../guard/guard.ts'
import type { Guards } from '../task/task.ts'

const WINDOW = 3_600_000

/** The guard of a feed: what leaves within an hour counts together, as in one run. */
export type DepartureGuard = {
  /**
   * None: they may leave. `inSource`: how many records the source has, at the end of a full refresh. `known`: how many records the task looks after; asked only when
   * it matters.
   */
  check(
    leaving: { departures: number; inSource: number | null },
    known: () => Promise<number>,
  ): Promise<readonly GuardFinding[]>
}

export function createDepartureGuard(guards: Guards, clock: () => Date): DepartureGuard {
  let past: { at: number; count: number }[] = []
  // What is held leaves only when somebody has looked at it.
  const allow = (at: number, count: number): readonly GuardFinding[] => {
    past.push({ at, count })
    return []
  }
  return {
    async check({ departures, inSource }, known) {
      if (departures === 0) return []
      const now = clock().getTime()
      past = past.filter(({ at }) => now - at < WINDOW)
      const count = past.reduce((sum, one) => sum + one.count, departures)
      if (inSource === null && count <= guards.deletes) return allow(now, departures)
      const all = await known()
      const figures = {
        source: inSource ?? all,
        destination: all,
        planned: noCounts.planned,
        departures: count,
        sourceBefore: inSource === null ? null : all,
      }
      const findings = guardFindings(figures, guards)
      return findings.length > 0 ? findings : allow(now, departures)
    },
  }
}
