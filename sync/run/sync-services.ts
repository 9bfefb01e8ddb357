import type { SyncFreeze } from '../../src/store/sync-freeze.ts'
import type { SyncJournal } from '../../src/store/sync-journal.ts'
import type { SyncLeases } from '../../src/store/sync-leases.ts'
import type { Run, SyncRuns } from '../../src/store/sync-runs.ts'
import type { SyncState } from '../../src/store/sync-state.ts'
import type { Sealer } from '../../src/store/seal.ts'
import type { Sides } from './open-sides.ts'
import type { Task } from '../task/task.ts'

/** What runs stand on. */
export type SyncServices = {
  readonly runs: SyncRuns
  readonly journal: SyncJournal
  readonly state: SyncState
  readonly leases: SyncLeases
  readonly freeze: SyncFreeze
  readonly sealer: Sealer
  readonly clock: () => Date
  /** Opens both sides of a task, and what else it reads. Throws `IncompleteSource` when a server does not answer. */
  readonly openSides: (task: Task) => Promise<Sides>
  /** Tells whoever wants to know that a run has ended, or waits for somebody. */
  readonly announce: (run: Run) => Promise<void>
  /** Who of the service desk has last disabled, locked or opened an account of the task's destination; null: nobody that we know of. */
  readonly lastAct: (task: Task, destinationId: string) => Promise<LastAct | null>
  /** All tasks of the tenant, for those that translate references. */
  readonly taskNamed: (tenant: string, name: string) => Task | undefined
}

export type LastAct = { readonly by: string; readonly at: Date }
