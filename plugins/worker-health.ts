import type { Logger } from 'pino'
import { collectDefaultMetrics, Registry } from 'prom-client'
import type { CountedTrail } from '../src/audit/trail.ts'
import type { Config } from '../src/config/schema.ts'
import type { Jobs } from '../src/jobs/start-jobs.ts'
import type { MailCounts } from '../src/mail/mail-counts.ts'
import { codeOf } from '../src/problems/thrown.ts'
import type { Database, Queries } from '../src/store/postgres.ts'
import type { Tenant } from '../src/tenants/tenant.ts'
import { describeDirectories, figuresOf } from './describe-directories.ts'
import { describeMails } from './describe-mails.ts'
import { describeService } from './describe-service.ts'
import { describeWatched } from './describe-watched.ts'
import { createHealthReader } from './health.ts'
import { close, createMetricsServer, listen } from './metrics-server.ts'
import { watchFigures } from './watch-figures.ts'

/** What a worker has open. */
export type WorkerParts = {
  readonly services: {
    readonly configHash: string
    readonly database: Queries & Pick<Database, 'ping'>
    readonly trail: Pick<CountedTrail, 'counts'>
  }
  readonly jobs: Pick<Jobs, 'ping'>
  readonly tenants: readonly Tenant[]
  readonly mailCounts: Pick<MailCounts, 'read'>
  readonly log: Pick<Logger, 'warn'>
}

/**
 * Health and figures of a worker, which answers no requests, on `server.metricsPort`; nothing without one. Gives what ends it. Where the port is
 * taken, as beside a server on the same machine, the worker works without.
 */
export async function serveWorkerHealth(
  { services, jobs, tenants, mailCounts, log }: WorkerParts,
  { host, metricsPort }: Config['server'],
): Promise<() => Promise<void>> {
  if (metricsPort === undefined) return async () => {}
  const checks = {
    database: { needed: true, run: () => services.database.ping() },
    queue: { needed: true, run: () => jobs.ping() },
  }
  const clock = () => new Date()
  const readHealth = createHealthReader(checks, clock)
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const { configHash, database, trail } = services
  describeService(registry, { configHash, events: () => trail.counts(), readHealth })
  describeDirectories(registry, () => figuresOf(tenants))
  describeMails(registry, () => mailCounts.read())
  const server = createMetricsServer(registry, readHealth)
  try {
    await listen(server, metricsPort, host)
  } catch (error) {
    if (codeOf(error) !== 'EADDRINUSE') throw error
    log.warn(`port ${metricsPort} is taken: this worker tells no figures`)
    return async () => {}
  }
  const stopping = new AbortController()
  const onError = (error: unknown, look: string) =>
    log.warn({ look, reason: error instanceof Error ? error.message : typeof error }, 'no figures')
  describeWatched(registry, watchFigures({ database, tenants, clock, onError }, stopping.signal))
  return async () => {
    stopping.abort()
    await close(server)
  }
}
