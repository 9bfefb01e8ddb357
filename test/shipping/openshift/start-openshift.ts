import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { parse } from 'yaml'
import { answerRequest } from './answer-request.ts'
import { ApiError } from './api-error.ts'
import { discovery } from './discovery.ts'
import { openObjectStore, type ObjectStore } from './object-store.ts'
import { decodeProtobuf, isProtobuf } from './protobuf.ts'
import { watchObjects } from './watch-objects.ts'

/** A double of an OpenShift API server, on a port of loopback. */
export type Openshift = {
  /** For kubectl and helm, in the file that KUBECONFIG names. */
  kubeconfig: string
  /** What the cluster has, to look into. */
  objects: Pick<ObjectStore, 'get' | 'list'>
  /** Each request, as `PATCH /api/v1/… 200`, for whoever wonders what a client does. */
  log: string[]
  close: () => Promise<void>
}

/**
 * Enough of an OpenShift API for `helm install --wait`, `test`, `upgrade`, `rollback` and `uninstall`, and for `kubectl apply -k` and `diff -k`: discovery,
 * objects, the three kinds of patch and server-side apply, watches, dry runs, the admission of pods by SecurityContextConstraints and quotas, and controllers
 * whose pods are ready at once. It runs nothing, checks no field and no right: manifests are validated elsewhere, and a real cluster is the judge.
 */
export async function startOpenshift(clock: () => Date = () => new Date()): Promise<Openshift> {
  const store = openObjectStore(clock)
  const applied = new Map<string, unknown>()
  const log: string[] = []
  const server = createServer((request, response) => {
    void answer(request, response, store, applied).finally(() =>
      log.push(`${request.method} ${request.url} ${response.statusCode}`),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    kubeconfig: kubeconfigOf(`http://127.0.0.1:${address.port}`),
    objects: store,
    log,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  store: ObjectStore,
  applied: Map<string, unknown>,
): Promise<void> {
  try {
    const { method = 'GET' } = request
    const url = new URL(request.url ?? '/', 'http://localhost')
    const body = parseBody(await buffer(request))
    if (['true', '1'].includes(url.searchParams.get('watch') ?? '')) return watchObjects(store, url, response)
    const found = method === 'GET' ? discovery(url.pathname) : undefined
    const contentType = request.headers['content-type'] ?? ''
    const result =
      found === undefined
        ? answerRequest(store, applied, { method, url, contentType, body })
        : { status: 200, body: found }
    sendJson(response, result.status, result.body)
  } catch (error) {
    const { status, reason, message } =
      error instanceof ApiError ? error : new ApiError(500, 'InternalError', String(error))
    const failure = { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, message, code: status }
    sendJson(response, status, failure)
  }
}

function parseBody(body: Buffer): unknown {
  if (body.length === 0) return null
  return isProtobuf(body) ? decodeProtobuf(body) : parse(body.toString()) // server-side apply sends YAML, of which JSON is a part
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}

function kubeconfigOf(server: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'double', cluster: { server } }],
    users: [{ name: 'operator', user: { token: 'none' } }],
    contexts: [{ name: 'double', context: { cluster: 'double', user: 'operator', namespace: 'default' } }],
    'current-context': 'double',
  })
}
