import { hostname } from 'node:os'
import type { Audit } from '../../src/audit/create-audit.ts'
import type { Database } from '../../src/store/postgres.ts'
import type { Jobs } from '../../src/jobs/start-jobs.ts'
import type { Sealer } from '../../src/store/seal.ts'
import { createSyncFreeze } from '../../src/store/sync-freeze.ts'
import { createSyncJournal } from '../../src/store/sync-journal.ts'
import { createSyncLeases } from '../../src/store/sync-leases.ts'
import { createSyncRuns, type Run, type RunRequest } from '../../src/store/sync-runs.ts'
import { createSyncState } from '../../src/store/sync-state.ts'
import type { Tenant } from '../../src/tenants/tenant.ts'
import type { Imports } from '../lsc/open-imports.ts'
import { resolveTasks } from '../task/resolve-task.ts'
import type { Task } from '../task/task.ts'
import { queueWebhooks } from '../webhooks/queue-webhooks.ts'
import { lastActIn } from './last-act.ts'
import { openSides } from './open-sides.ts'
import { runWithLease } from './run-with-lease.ts'
import type { SyncServices } from './sync-services.ts'

export type EngineParts = {
  readonly audit: Pick<Audit, 'list'>
  readonly database: Database
  readonly jobs: Pick<Jobs, 'send'>
  readonly sealer: Sealer
  readonly tenants: readonly Tenant[]
  /** Tasks of the lsc.xml that tenants name. */
  readonly imports?: Imports
  readonly clock: () => Date
}

/** The synchronization of an installation. */
export type SyncEngine = {
  readonly services: SyncServices
  tasks(tenant: string): readonly Task[]
  request(request: RunRequest): Promise<Run>
  /**
   * Does a run to where it gets, after what a killed runner of its task has left. Null: another process runs the task now. A task that left the configuration
   * fails its run.
   */
  execute(run: Run, signal: AbortSignal): Promise<Run | null>
}

export function createSyncEngine({
  audit,
  database,
  jobs,
  sealer,
  tenants,
  imports,
  clock,
}: EngineParts): SyncEngine {
  const tasks = new Map(
    tenants.map(({ name, config }) => [name, [...resolveTasks(config), ...(imports?.tasks.get(name) ?? [])]]),
  )
  const tenantNamed = new Map(tenants.map((tenant) => [tenant.name, tenant]))
  const taskNamed = (tenant: string, name: string): Task | undefined =>
    tasks.get(tenant)?.find((task) => task.name === name)
  const services: SyncServices = {
    runs: createSyncRuns(database),
    journal: createSyncJournal(database),
    state: createSyncState(database),
    leases: createSyncLeases(database, `${hostname()} ${process.pid}`),
    freeze: createSyncFreeze(database),
    sealer,
    clock,
    taskNamed,
    lastAct: (task, id) => lastActIn(audit, task, id),
    announce: (run) => queueWebhooks(run, tenantNamed.get(run.tenant)?.config.sync.webhooks ?? [], jobs),
    openSides: (task) => {
      const tenant = tenantNamed.get(task.tenant)
      if (tenant === undefined) throw new TypeError(`no tenant is named ${task.tenant}`)
      return openSides(tenant, task, clock)
    },
  }
  return {
    services,
    tasks: (tenant) => tasks.get(tenant) ?? [],
    request: (request) => services.runs.request(request, clock()),
    async execute(run, signal) {
      const task = taskNamed(run.tenant, run.task)
      if (task !== undefined) return await runWithLease(run, task, services, signal)
      const failure = { code: 'no-such-task', detail: '' }
      await services.runs.advance(run.id, ['queued', 'approved', 'applying', 'reading'], 'failed', clock(), {
        failure,
      })
      return await services.runs.read(run.tenant, run.id)
    },
  }
}
