import type { Run } from '../../src/store/sync-runs.ts'
import { hasEntryErrors } from '../run/entry-errors.ts'

/** What a command of the synchronization ends with. */
export const exitCodes = {
  done: 0,
  unexpected: 1,
  entryErrors: 2,
  held: 3,
  incomplete: 4,
  configuration: 5,
  running: 6,
  usage: 64,
} as const

/** Null: the task is running already. */
export function exitCodeOf(run: Run | null): number {
  if (run === null) return exitCodes.running
  switch (run.state) {
    case 'held':
      // Nobody knows of a source without an entry whether that is all of it.
      return run.guards.some(({ guard }) => guard === 'empty-source') ? exitCodes.incomplete : exitCodes.held
    case 'incomplete':
      return exitCodes.incomplete
    case 'planned':
    case 'done':
      return hasEntryErrors(run) ? exitCodes.entryErrors : exitCodes.done
    case 'failed':
      return run.failure?.code === 'faulty-script' ? exitCodes.configuration : exitCodes.unexpected
    default:
      return exitCodes.unexpected
  }
}
