import type { IncomingMessage } from 'node:http'
import type { Reader } from './reader.ts'

/** Where a request came from. The library sees the raw request only, so that what Fastify knows of it is kept beside. */
export type RequestOrigin = {
  /** Client address after the trusted proxy hops. */
  address: string
  requestId: string
}

type Known = { origin: RequestOrigin; reader: Reader }

const known = new WeakMap<IncomingMessage, Known>()

export function noteRequest(request: IncomingMessage, about: Known): void {
  known.set(request, about)
}

export function originOf(request: IncomingMessage): RequestOrigin {
  return known.get(request)?.origin ?? { address: '', requestId: '' }
}

/** For whom pages of the library's answers are written. */
export function readerOf(request: IncomingMessage): Reader {
  const reader = known.get(request)?.reader
  if (reader === undefined) throw new Error('a request that did not come by our routes')
  return reader
}
