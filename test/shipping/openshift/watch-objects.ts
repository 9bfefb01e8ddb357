import type { ServerResponse } from 'node:http'
import { selectedBy, targetOf } from './answer-request.ts'
import { apiVersionOf } from './api-resources.ts'
import type { ObjectStore } from './object-store.ts'

/**
 * Tells a client of each change, one line of JSON each, until it goes. A client that has read a list (`resourceVersion`) hears of what comes after it; any
 * other one first of what is there, and with `sendInitialEvents` by a bookmark when that was all.
 */
export function watchObjects(store: ObjectStore, url: URL, response: ServerResponse): void {
  const query = url.searchParams
  const target = targetOf(url.pathname)
  const isSelected = selectedBy(target, query)
  const send = (type: string, object: object): boolean =>
    response.write(`${JSON.stringify({ type, object })}\n`)
  response.writeHead(200, { 'content-type': 'application/json' })
  response.flushHeaders()
  const { kind } = target.resource
  const isAfterList = Number(query.get('resourceVersion') ?? 0) > 0
  if (!isAfterList) for (const object of store.list(kind).filter(isSelected)) send('ADDED', object)
  if (query.get('sendInitialEvents') === 'true')
    send('BOOKMARK', {
      kind,
      apiVersion: apiVersionOf(target.resource),
      metadata: {
        resourceVersion: store.version(),
        annotations: { 'k8s.io/initial-events-end': 'true' },
      },
    })
  const end = store.watch(({ type, object }) => {
    if (isSelected(object)) send(type, object)
  })
  response.once('close', end)
}
