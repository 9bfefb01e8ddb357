import plugin from 'fastify-plugin'
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client'
import type { TaskFigures } from '../src/store/sync-figures.ts'
import { describeDirectories, type DirectoryFigures } from './describe-directories.ts'
import { describeService, type ServiceFigures } from './describe-service.ts'
import { describeSync } from './describe-sync.ts'
import { close, createMetricsServer, listen } from './metrics-server.ts'

export type MetricsOptions = ServiceFigures & {
  /** A port of its own, not reachable from outside; on the main port when absent. */
  port?: number | undefined
  host: string
  /** Of each directory, by tenant. */
  directories: () => readonly DirectoryFigures[]
  /** Of every synchronization task. */
  sync: () => Promise<readonly TaskFigures[]>
}

/** `/metrics` for Prometheus: the process with its event loop, requests by route, connections to the directories, runs of the synchronization, events. */
export const metrics = plugin<MetricsOptions>(async (app, { port, host, directories, sync, ...figures }) => {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  describeService(registry, figures)
  describeDirectories(registry, directories)
  describeSync(registry, sync)
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the request to the end of its answer, by template of the route.',
    labelNames: ['route', 'method', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  })
  app.addHook('onResponse', async ({ method, routeOptions }, reply) => {
    // Never the address itself: every login would be a time series.
    const labels = { route: routeOptions.url ?? 'none', method, status: reply.statusCode }
    durations.observe(labels, reply.elapsedTime / 1_000)
  })

  if (port === undefined) {
    app.get('/metrics', { config: { anyHost: true } }, async (_request, reply) =>
      reply.type(registry.contentType).send(await registry.metrics()),
    )
    return
  }
  const server = createMetricsServer(registry, figures.readHealth)
  app.addHook('onListen', async () => await listen(server, port, host))
  app.addHook('onClose', async () => await close(server))
})
