import type { GuardFinding, RunCounts } from '../../src/store/sync-runs.ts'
import type { Guards } from '../task/task.ts'

/** What a plan is judged by. */
export type PlanFigures = {
  readonly source: number
  readonly destination: number
  readonly planned: RunCounts['planned']
  /** Plans of the clean phase: deletes and the soft ones. */
  readonly departures: number
  /** Records of the source at the last complete run; null at the first. */
  readonly sourceBefore: number | null
}

/** Why a plan must not be applied before somebody has looked at it; none: it may. */
export function guardFindings(figures: PlanFigures, guards: Guards): GuardFinding[] {
  const { source, destination, planned, departures, sourceBefore } = figures
  const findings: GuardFinding[] = []
  const add = (guard: GuardFinding['guard'], count: number, limit: number): void => {
    findings.push({ guard, count, limit })
  }
  if (source === 0 && !guards.allowEmptySource) add('empty-source', 0, 1)
  else if (sourceBefore !== null) {
    const fewest = Math.ceil(sourceBefore * (1 - guards.shrink))
    if (source < fewest) add('shrunk', source, fewest)
  }
  const mostDepartures = Math.max(guards.deletes, Math.floor(destination * guards.deleteShare))
  if (departures > mostDepartures) add('deletes', departures, mostDepartures)
  const changes = Object.values(planned).reduce((sum, count) => sum + count, 0) - planned.create
  const mostChanges = Math.floor(destination * guards.changeShare)
  if (guards.changeShare < 1 && changes > mostChanges) add('changes', changes, mostChanges)
  return findings
}
