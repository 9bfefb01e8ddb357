import type { JournalMark, JournalRow, JournalState, SyncJournal } from '../../src/store/sync-journal.ts'
import { type ChangeKind, noCounts, type RunCounts } from '../../src/store/sync-runs.ts'
import type { PlanStep } from '../plan/plan-batch.ts'

type Mutable = {
  -readonly [K in keyof RunCounts]: RunCounts[K] extends number ? number : Record<string, number>
}

/** The figures of a run, kept while it goes on. */
export type CountKeeper = {
  planned(step: PlanStep): void
  withdrawn(counts: Readonly<Partial<Record<ChangeKind, number>>>): void
  applied(marks: readonly JournalMark[], rows: readonly JournalRow[]): void
  set(figures: Partial<Pick<RunCounts, 'destination' | 'source'>>): void
  readonly counts: RunCounts
}

export function keepCounts(start: RunCounts = noCounts): CountKeeper {
  const planned: Record<ChangeKind, number> = { ...start.planned }
  const done: Record<ChangeKind, number> = { ...start.done }
  const findings: Record<string, number> = { ...start.findings }
  const rest: Pick<Mutable, 'source' | 'destination' | 'unchanged' | 'failed' | 'conflicts'> = { ...start }
  return {
    planned(step) {
      for (const { change } of step.changes) planned[change.kind] += 1
      rest.unchanged += unchangedIn(step)
      for (const { kind } of step.findings) findings[kind] = (findings[kind] ?? 0) + 1
    },
    withdrawn(counts) {
      for (const [kind, count] of Object.entries(counts)) if (isKind(kind, planned)) planned[kind] -= count
    },
    applied(marks, rows) {
      for (const [index, { state }] of marks.entries()) {
        const kind = rows[index]?.kind
        if (state === 'done' && kind !== undefined) done[kind] += 1
        else if (state === 'failed') rest.failed += 1
        else if (state === 'conflict') rest.conflicts += 1
        // A second chance takes back the first failure.
        if (rows[index]?.state === 'failed') rest.failed -= 1
      }
    },
    set(figures) {
      Object.assign(rest, figures)
    },
    get counts() {
      return {
        source: rest.source,
        destination: rest.destination,
        unchanged: rest.unchanged,
        failed: rest.failed,
        conflicts: rest.conflicts,
        planned: { ...planned },
        done: { ...done },
        findings: { ...findings },
      }
    },
  }
}

/** Entries of both sides that are in step already. */
function unchangedIn({ changes, matched = [] }: PlanStep): number {
  const changed = new Set(changes.map(({ key }) => key))
  return matched.filter(({ destination, key }) => destination !== null && !changed.has(key)).length
}

/** The figures of a run with what its journal says was applied. */
export function countsWith(
  counts: RunCounts,
  journal: Awaited<ReturnType<SyncJournal['counts']>>,
): RunCounts {
  const total = (of: JournalState): number =>
    journal.filter(({ state }) => state === of).reduce((sum, { count }) => sum + count, 0)
  const done = { ...noCounts.done }
  for (const { kind, state, count } of journal) if (state === 'done') done[kind] += count
  return { ...counts, done, failed: total('failed'), conflicts: total('conflict') }
}

function isKind(name: string, counts: Record<ChangeKind, number>): name is ChangeKind {
  return Object.hasOwn(counts, name)
}
