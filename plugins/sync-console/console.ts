import type { RequestOrigin } from '../../src/accounts/trace.ts'
import type { Trail } from '../../src/audit/trail.ts'
import type { Jobs } from '../../src/jobs/start-jobs.ts'
import { Problem } from '../../src/problems/problem.ts'
import type { EphemeralStore } from '../../src/store/ephemeral.ts'
import type { Database } from '../../src/store/postgres.ts'
import type { Sealer } from '../../src/store/seal.ts'
import { createSyncFreeze, type SyncFreeze } from '../../src/store/sync-freeze.ts'
import { createSyncJournal, type SyncJournal } from '../../src/store/sync-journal.ts'
import { createSyncLeases, type SyncLeases } from '../../src/store/sync-leases.ts'
import { createSyncRuns, type Run, type SyncRuns } from '../../src/store/sync-runs.ts'
import type { Tenant } from '../../src/tenants/tenant.ts'
import { configuredTasks, type TaskInfo } from './configured-tasks.ts'

export type SyncConsoleOptions = {
  database: Database
  ephemeral: EphemeralStore
  sealer: Sealer
  trail: Trail
  jobs: Pick<Jobs, 'send'>
  clock: () => Date
  /** The tasks of an lsc.xml, by tenant: beside those that the configuration has. */
  importedTasks: ReadonlyMap<string, readonly TaskInfo[]>
}

/** What the pages and the API of the synchronization stand on. The engine is not among it: both meet in these tables, and in the queue. */
export type SyncConsole = Omit<SyncConsoleOptions, 'database' | 'importedTasks'> & {
  runs: SyncRuns
  journal: SyncJournal
  leases: Pick<SyncLeases, 'holders'>
  freeze: SyncFreeze
  tasksOf: (tenant: Tenant) => readonly TaskInfo[]
}

export function openConsole({ database, importedTasks, ...services }: SyncConsoleOptions): SyncConsole {
  return {
    ...services,
    runs: createSyncRuns(database),
    journal: createSyncJournal(database),
    leases: createSyncLeases(database, 'console'),
    freeze: createSyncFreeze(database),
    tasksOf: (tenant) => [...configuredTasks(tenant), ...(importedTasks.get(tenant.name) ?? [])],
  }
}

/** Throws Problem `not-found`. */
export function findTask({ tasksOf }: SyncConsole, tenant: Tenant, name: string): TaskInfo {
  const task = tasksOf(tenant).find((candidate) => candidate.name === name)
  if (task === undefined) throw new Problem('not-found')
  return task
}

/** Throws Problem `not-found`, also for a run of another tenant. */
export async function findRun({ runs }: SyncConsole, tenant: Tenant, id: string): Promise<Run> {
  const run = await runs.read(tenant.name, id)
  if (run === null) throw new Problem('not-found')
  return run
}

/** Why somebody does something, and from where. */
export type Given = { reason?: string | undefined; origin: RequestOrigin }
