import type { Logger } from 'pino'
import type { Audit } from '../../src/audit/create-audit.ts'
import type { Jobs } from '../../src/jobs/start-jobs.ts'
import type { Database } from '../../src/store/postgres.ts'
import type { Sealer } from '../../src/store/seal.ts'
import type { Run } from '../../src/store/sync-runs.ts'
import type { Tenant } from '../../src/tenants/tenant.ts'
import { sendWebhook } from '../webhooks/send-webhook.ts'
import { formatNote } from '../lsc/lsc-note.ts'
import { openImports } from '../lsc/open-imports.ts'
import { runScheduled } from './run-scheduled.ts'
import { createSyncEngine, type SyncEngine } from './create-engine.ts'
import type { Task } from '../task/task.ts'
import { followTasks } from '../follow/follow-tasks.ts'

/** What a worker has open. */
export type SyncWork = {
  readonly services: {
    readonly audit: Pick<Audit, 'list'>
    readonly database: Database
    readonly sealer: Sealer
  }
  readonly jobs: Jobs
  readonly tenants: readonly Tenant[]
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>
}

const EVERY_NIGHT = '37 3 * * *'

/** Does the runs that are asked for, those that are due, and follows the sources that are to be followed. Gives what ends it. */
export async function workOnSync({ services, jobs, tenants, log }: SyncWork): Promise<() => Promise<void>> {
  const clock = (): Date => new Date()
  const imports = await openImports(tenants, process.env)
  for (const { tenant, file, note } of imports.notes)
    if (note.weight === 'cannot') log.warn({ tenant }, formatNote(file, note))
  const engine = createSyncEngine({ ...services, jobs, tenants, imports, clock })
  const tell = ({ tenant, task, id, state, counts }: Run): void =>
    log.info({ tenant, task, run: id, state, counts }, 'synchronized')
  await jobs.work('sync.run', async ({ tenant, run: id }, signal) => {
    const run = await engine.services.runs.read(tenant, id)
    if (run === null) return
    const ended = await engine.execute(run, signal)
    // Whoever follows the task does what is queued; else this job's next try will.
    if (ended === null || !isAtRest(ended)) throw new NotAtRest(run.task)
    tell(ended)
  })
  await jobs.work('sync.scheduled', async ({ tenant, task: first }, signal) => {
    for (const task of inTurn(engine.tasks(tenant), first)) {
      if (signal.aborted) return
      const ended = await runScheduled(engine, task, signal)
      if (ended === null) continue
      if (!isAtRest(ended)) throw new NotAtRest(task.name)
      tell(ended)
    }
  })
  await jobs.work('sync.purge', async ({ tenant: name }) => {
    const days = tenants.find((tenant) => tenant.name === name)?.config.sync.retentionDays
    if (days === undefined) return
    await engine.services.runs.purge(name, new Date(clock().getTime() - days * 86_400_000))
  })
  await jobs.work('sync.webhook', async ({ tenant: name, run: id, url }, signal) => {
    const webhooks = tenants.find((tenant) => tenant.name === name)?.config.sync.webhooks ?? []
    const webhook = webhooks.find((one) => one.url === url)
    const run = await engine.services.runs.read(name, id)
    if (webhook !== undefined && run !== null) await sendWebhook(webhook, run, clock(), signal)
  })
  await schedule(jobs, engine, tenants)
  return followTasks(engine, tenants, log)
}

/** This process was told to stop in between, or another one has the task: the job's next try goes on. */
class NotAtRest extends Error {
  override readonly name = 'NotAtRest'
}

function isAtRest({ state }: Run): boolean {
  return !['queued', 'reading', 'approved', 'applying'].includes(state)
}

/** What one schedule runs: a task, and those that are to run after it. */
function* inTurn(tasks: readonly Task[], first: string): Generator<Task> {
  const waiting = new Map(tasks.map((task) => [task.name, task]))
  for (let task = waiting.get(first); task !== undefined; task = waiting.get(task.when.next ?? '')) {
    // Each once.
    waiting.delete(task.name)
    yield task
  }
}

async function schedule(jobs: Jobs, engine: SyncEngine, tenants: readonly Tenant[]): Promise<void> {
  const kept: { tenant: string; key: string }[] = []
  for (const { name: tenant } of tenants) {
    await jobs.schedule('sync.purge', EVERY_NIGHT, { tenant })
    for (const { name: task, when } of engine.tasks(tenant)) {
      if (when.schedule === null) continue
      kept.push({ tenant, key: task })
      const { timeZone } = when
      await jobs.schedule('sync.scheduled', when.schedule, { tenant, task }, { key: task, timeZone })
    }
  }
  await jobs.keepSchedules('sync.scheduled', kept)
}
