import type { Job, JobResult, PgBoss } from 'pg-boss'
import { z } from 'zod'
import { Problem } from '../problems/problem.ts'
import type { Sealer } from '../store/seal.ts'
import { jobKinds, type JobName, type JobPayloads } from './job-kinds.ts'

export interface Jobs {
  /** Queues a job; it survives restarts. Throws Problem `store-unavailable`. */
  send<N extends JobName>(name: N, payload: JobPayloads[N], options?: { after?: Date }): Promise<void>
  /**
   * Does the jobs of one kind in this process, some at a time. A job whose handler throws is tried again later: handlers are written so
   * that doing a job twice does no harm. `signal` aborts when the job has run for too long, when another worker has it, and when we stop.
   */
  work<N extends JobName>(name: N, handler: JobHandler<N>, options?: { concurrency?: number }): Promise<void>
  /** Queues a job whenever `cron` says so, once for all replicas; one schedule for each kind, tenant and `key`. */
  schedule<N extends JobName>(
    name: N,
    cron: string,
    payload: JobPayloads[N],
    options?: ScheduleOptions,
  ): Promise<void>
  /** Removes the schedules of a kind that are none of these: they left the configuration. */
  keepSchedules(name: JobName, kept: readonly { tenant: string; key?: string }[]): Promise<void>
  /** Throws Problem `store-unavailable` when the queue cannot be reached or its schema is not of this version. */
  ping(): Promise<void>
  /** Takes no more jobs, waits for those that run, closes its connections. */
  stop(): Promise<void>
}

export type JobHandler<N extends JobName> = (payload: JobPayloads[N], signal: AbortSignal) => Promise<void>

/** `timeZone`: of `cron`, UTC when absent. */
export type ScheduleOptions = { key?: string; timeZone?: string }

export type JobsOptions = {
  /** PostgreSQL URL; its schema is made by `installJobs`. */
  url: string
  sealer: Sealer
  /** False: only sends. True: also keeps the queue in order, so that `work` and `schedule` do something. */
  works: boolean
  /** Seconds between looks at the queue. New jobs are notified at once; jobs that are tried again, or later, wait for a look. */
  polling?: number
  /** Told of jobs that failed (they are tried again) and of trouble with the queue itself. */
  onError: (error: unknown, job?: { name: string; id: string }) => void
}

/** Jobs that a worker takes at a time. */
const BATCH = 4

const envelope = z.object({ tenant: z.string(), sealed: z.string() })

/**
 * Connects to the job queue. Payloads are sealed: a recovery link lies in no table. The connection is made when it is first needed, so that
 * we start while PostgreSQL is away.
 */
export function startJobs({ url, sealer, works, polling = 5, onError }: JobsOptions): Jobs {
  let starting: Promise<PgBoss> | undefined
  const boss = async (): Promise<PgBoss> => {
    starting ??= open(url, works, onError)
    try {
      return await starting
    } catch (error) {
      starting = undefined
      throw new Problem('store-unavailable', { retryAfter: 2, cause: error })
    }
  }
  const seal = (name: JobName, payload: { tenant: string }) => sealPayload(sealer, name, payload)
  const stopping = new AbortController()

  return {
    async send(name, payload, { after } = {}) {
      const queue = await boss()
      const options = after === undefined ? {} : { startAfter: after }
      await reached(queue.send(name, seal(name, payload), options))
    },
    async work(name, handler, { concurrency = 2 } = {}) {
      const queue = await boss()
      const options = workOptions(name, concurrency, polling)
      const settle = async (job: Job<unknown>): Promise<JobResult> => {
        const { id } = job
        try {
          await perform(sealer, name, handler, job, stopping.signal)
          return { id, status: 'completed' }
        } catch (error) {
          // Told to stop, it is left to its next try.
          if (!stopping.signal.aborted) onError(error, { name, id })
          // pg-boss keeps this in its table; the error itself may speak of people.
          return { id, status: 'failed', output: { code: error instanceof Problem ? error.code : 'failed' } }
        }
      }
      await queue.work<unknown, unknown, typeof options>(name, options, (jobs) =>
        Promise.all(jobs.map(settle)),
      )
    },
    async schedule(name, cron, payload, { key, timeZone = 'UTC' } = {}) {
      const queue = await boss()
      const place = { tz: timeZone, key: scheduleKey(payload.tenant, key) }
      await reached(queue.schedule(name, cron, seal(name, payload), place))
    },
    async keepSchedules(name, kept) {
      const queue = await boss()
      const keys = new Set(kept.map(({ tenant, key }) => scheduleKey(tenant, key)))
      for (const { key } of await reached(queue.getSchedules(name)))
        if (!keys.has(key)) await reached(queue.unschedule(name, key))
    },
    async ping() {
      const queue = await boss()
      await reached(queue.schemaVersion())
    },
    async stop() {
      stopping.abort()
      const queue = await starting?.catch(() => undefined)
      await queue?.stop({ graceful: true, timeout: 10_000 })
    },
  }
}

function sealPayload(sealer: Sealer, name: JobName, payload: { tenant: string }): z.infer<typeof envelope> {
  const { tenant } = payload
  return { tenant, sealed: sealer.seal('job', [name, tenant], JSON.stringify(payload)) }
}

function workOptions(name: JobName, concurrency: number, polling: number) {
  const { isLong = false } = jobKinds[name]
  return {
    localConcurrency: concurrency,
    notifyPollingIntervalSeconds: isLong ? 1 : polling,
    // While notifications do not arrive (PgBouncer, a lost connection).
    pollingIntervalSeconds: Math.min(polling, 1),
    // What is taken together is settled together: nothing waits for a long one.
    batchSize: isLong ? 1 : BATCH,
    // A notification wakes a worker once: without this a backlog would go down by one job a look. Not for batches of one.
    burstWhenBatchFull: true,
    perJobResults: true,
  } as const
}

async function open(url: string, works: boolean, onError: JobsOptions['onError']): Promise<PgBoss> {
  // Here, since a process that only answers requests may never queue a job, and it is 15 MiB.
  const { PgBoss: Boss } = await import('pg-boss')
  const boss = new Boss({
    connectionString: url,
    max: works ? 4 : 2,
    connectionTimeoutMillis: 2_000,
    application_name: 'idaas-jobs',
    migrate: false,
    createSchema: false,
    supervise: works,
    schedule: works,
    useListenNotify: works,
    registerInstance: works,
  })
  boss.on('error', onError)
  try {
    return await boss.start()
  } catch (error) {
    await boss.stop({ graceful: false }).catch(onError)
    throw error
  }
}

async function perform<N extends JobName>(
  sealer: Sealer,
  name: N,
  handler: JobHandler<N>,
  job: Job<unknown>,
  stopping: AbortSignal,
): Promise<void> {
  const { tenant, sealed } = envelope.parse(job.data)
  const payload: unknown = JSON.parse(sealer.open('job', [name, tenant], sealed).toString())
  await handler(jobKinds[name].payload.parse(payload), AbortSignal.any([job.signal, stopping]))
}

/** Names of tenants have no slash. Names of tasks may come from elsewhere, and pg-boss's keys have few characters. */
function scheduleKey(tenant: string, key: string | undefined): string {
  if (key === undefined) return tenant
  return `${tenant}/${key.replaceAll(/[^\w.-]/gu, (sign) => `_${sign.codePointAt(0)?.toString(16)}_`)}`
}

async function reached<T>(call: Promise<T>): Promise<T> {
  try {
    return await call
  } catch (error) {
    throw new Problem('store-unavailable', { retryAfter: 2, cause: error })
  }
}
