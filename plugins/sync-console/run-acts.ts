import type { Run, RunState } from '../../src/store/sync-runs.ts'

/** States in which somebody works on a run, or will: its page follows it. */
export const active: readonly RunState[] = ['queued', 'reading', 'approved', 'applying']

/** States that can be ended. */
export const cancellable: readonly RunState[] = [...active, 'planned', 'held']

/** States that wait for somebody to approve. */
export const approvable: readonly RunState[] = ['planned', 'held']

/** Whether a run has ended and has done something that nobody has taken back yet. An undo can be undone too. */
export function isUndoable({ state, counts, undoneBy }: Run): boolean {
  const hasEnded = state === 'done' || state === 'failed' || state === 'cancelled' || state === 'held'
  return hasEnded && undoneBy === null && Object.values(counts.done).some((count) => count > 0)
}
