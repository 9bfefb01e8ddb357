import type { Logger } from 'pino'
import type { Audit } from '../../src/audit/create-audit.ts'
import type { Jobs } from '../../src/jobs/start-jobs.ts'
import type { Database } from '../../src/store/postgres.ts'
import type { Sealer } from '../../src/store/seal.ts'
import type { Run } from '../../src/store/sync-runs.ts'
import type { Tenant } from '../../src/tenants/tenant.ts'
import { sendWebhook } from '../webhooks/send-webhook.ts'
import { createSyncEngine } from './create-engine.ts'
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
  const engine = createSyncEngine({ ...services, jobs, tenants, clock })
  const tell = ({ tenant, task, id, state, counts }: Run): void =>
    log.info({ tenant, task, run: id, state, counts }, 'synchronized')
  await jobs.work('sync.run', async ({ tenant, run: id }, signal) => {
    const run = await engine.services.runs.read(tenant, id)
    if (run === null) return
    const ended = await engine.execute(run, signal)
    // Whoever follows the task does what is queued; else this job's next try will.
    if (ended === null) throw new TaskIsRunning(run.task)
    tell(ended)
  })
  await jobs.work('sync.scheduled', async ({ tenant, task }, signal) => {
    if (!engine.tasks(tenant).some(({ name }) => name === task)) return
    const asked = { kind: 'full', preview: false, requestedBy: 'schedule', only: null, undoes: null } as const
    // A run that is due while the last one goes on is left out.
    if ((await engine.services.runs.underWay(tenant, task)) !== null) return
    const run = await engine.request({ tenant, task, ...asked })
    const follows = tenants.some(
      ({ name, config }) =>
        name === tenant && config.sync.tasks.some((one) => one.name === task && one.follow),
    )
    const ended = await engine.execute(run, signal)
    // Whoever follows the task does what is queued. Anybody else is just running it.
    if (ended !== null) tell(ended)
    else if (!follows) await engine.services.runs.advance(run.id, ['queued'], 'cancelled', clock())
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
  await schedule(jobs, tenants)
  return followTasks(engine, tenants, log)
}

class TaskIsRunning extends Error {
  override readonly name = 'TaskIsRunning'
}

async function schedule(jobs: Jobs, tenants: readonly Tenant[]): Promise<void> {
  const kept: { tenant: string; key: string }[] = []
  for (const { name: tenant, config } of tenants) {
    await jobs.schedule('sync.purge', EVERY_NIGHT, { tenant })
    for (const { name: task, schedule: cron, timezone: timeZone } of config.sync.tasks) {
      if (cron === undefined) continue
      kept.push({ tenant, key: task })
      await jobs.schedule('sync.scheduled', cron, { tenant, task }, { key: task, timeZone })
    }
  }
  await jobs.keepSchedules('sync.scheduled', kept)
}
