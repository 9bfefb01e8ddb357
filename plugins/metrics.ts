import { createServer, type Server } from 'node:http'
import plugin from 'fastify-plugin'
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { DirectoryStats } from '../src/directory/directory.ts'
import type { TaskFigures } from '../src/store/sync-figures.ts'
import { describeSync } from './describe-sync.ts'

export type MetricsOptions = {
  /** A port of its own, not reachable from outside; on the main port when absent. */
  port?: number | undefined
  host: string
  /** Of each directory, by tenant. */
  directories: () => readonly { tenant: string; directory: string; stats: DirectoryStats }[]
  /** Of every synchronization task. */
  sync: () => Promise<readonly TaskFigures[]>
}

/** `/metrics` for Prometheus: the process with its event loop, requests by route, connections to the directories, runs of the synchronization. */
export const metrics = plugin<MetricsOptions>(async (app, { port, host, directories, sync }) => {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
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
  const server = metricsServer(registry)
  app.addHook('onListen', async () => await listen(server, port, host))
  app.addHook('onClose', async () => await close(server))
})

function describeDirectories(registry: Registry, read: MetricsOptions['directories']): void {
  const labelNames = ['tenant', 'directory', 'state']
  const connections = new Gauge({
    name: 'ldap_connections',
    help: 'Connections to the directory: open, busy; and operations that wait for one.',
    labelNames,
    registers: [registry],
    collect() {
      for (const { tenant, directory, stats } of read()) {
        for (const state of ['open', 'busy', 'waiting'] as const)
          this.set({ tenant, directory, state }, stats[state])
      }
    },
  })
  const failures = new Counter({
    name: 'ldap_errors_total',
    help: 'Operations that ended with a result code other than success, by code.',
    labelNames: ['tenant', 'directory', 'code'],
    registers: [registry],
    collect() {
      // The directories count: what was read the last time is in what they say now.
      this.reset()
      for (const { tenant, directory, stats } of read()) {
        for (const [code, count] of stats.errorsByCode) this.inc({ tenant, directory, code }, count)
      }
    },
  })
  void [connections, failures]
}

function metricsServer(registry: Registry): Server {
  return createServer((request, response) => {
    if (request.url !== '/metrics') return void response.writeHead(404).end()
    registry.metrics().then(
      (text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text),
      () => response.writeHead(500).end(),
    )
  })
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen(port, host, resolve)
  return await promise
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return
  const { promise, resolve } = Promise.withResolvers<void>()
  server.close(() => resolve())
  server.closeAllConnections()
  return await promise
}
