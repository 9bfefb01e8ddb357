import { createServer, type Server, type ServerResponse } from 'node:http'
import type { Registry } from 'prom-client'
import { readyBody, readyStatus, type ReadHealth } from './health.ts'

/** Answers `/metrics`, `/livez` and `/readyz` on a port that is not reachable from outside. Listens when told to. */
export function createMetricsServer(registry: Registry, readHealth: ReadHealth): Server {
  const answers: Readonly<Record<string, (response: ServerResponse) => Promise<unknown>>> = {
    '/metrics': async (response) => {
      const text = await registry.metrics()
      response.writeHead(200, { 'content-type': registry.contentType }).end(text)
    },
    '/livez': async (response) => answerJson(response, 200, { status: 'ok' }),
    '/readyz': async (response) => {
      const health = await readHealth()
      answerJson(response, readyStatus(health), readyBody(health))
    },
  }
  return createServer((request, response) => {
    const answer = answers[request.url ?? '']
    if (answer === undefined) return void response.writeHead(404).end()
    answer(response).catch(() => response.writeHead(500).end())
  })
}

function answerJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

export async function listen(server: Server, port: number, host: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen(port, host, resolve)
  return await promise
}

export async function close(server: Server): Promise<void> {
  if (!server.listening) return
  const { promise, resolve } = Promise.withResolvers<void>()
  server.close(() => resolve())
  server.closeAllConnections()
  return await promise
}
