import { collectDefaultMetrics, Registry } from 'prom-client'
import type { CountedTrail } from '../src/audit/trail.ts'
import type { Config } from '../src/config/schema.ts'
import type { Jobs } from '../src/jobs/start-jobs.ts'
import { codeOf } from '../src/problems/thrown.ts'
import type { Database } from '../src/store/postgres.ts'
import type { Tenant } from '../src/tenants/tenant.ts'
import { describeDirectories, figuresOf } from './describe-directories.ts'
import { describeService } from './describe-service.ts'
import { createHealthReader } from './health.ts'
import { close, createMetricsServer, listen } from './metrics-server.ts'

/** What a worker has open. */
export type WorkerParts = {
  readonly services: {
    readonly database: Pick<Database, 'ping'>
    readonly trail: Pick<CountedTrail, 'counts'>
  }
  readonly jobs: Pick<Jobs, 'ping'>
  readonly tenants: readonly Tenant[]
  readonly log: { warn(message: string): void }
}

/**
 * Health and figures of a worker, which answers no requests, on `server.metricsPort`; nothing without one. Gives what ends it. Where the port is
 * taken, as beside a server on the same machine, the worker works without.
 */
export async function serveWorkerHealth(
  { services, jobs, tenants, log }: WorkerParts,
  { host, metricsPort }: Config['server'],
): Promise<() => Promise<void>> {
  if (metricsPort === undefined) return async () => {}
  const checks = {
    database: { needed: true, run: () => services.database.ping() },
    queue: { needed: true, run: () => jobs.ping() },
  }
  const readHealth = createHealthReader(checks, () => new Date())
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  describeService(registry, { events: () => services.trail.counts(), readHealth })
  describeDirectories(registry, () => figuresOf(tenants))
  const server = createMetricsServer(registry, readHealth)
  try {
    await listen(server, metricsPort, host)
  } catch (error) {
    if (codeOf(error) !== 'EADDRINUSE') throw error
    log.warn(`port ${metricsPort} is taken: this worker tells no figures`)
  }
  return async () => await close(server)
}
