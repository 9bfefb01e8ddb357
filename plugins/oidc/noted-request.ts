import type { IncomingMessage } from 'node:http'
import type { RequestOrigin } from '../../src/accounts/trace.ts'
import type { Reader } from './pages/reader.ts'

/** What Fastify knows of a request: the library sees the raw one only, so that this is kept beside. */
type Known = { origin: Required<RequestOrigin>; reader: Reader }

const known = new WeakMap<IncomingMessage, Known>()

/** Keeps what is known of a request for as long as the request lives. */
export function noteRequest(request: IncomingMessage, about: Known): void {
  known.set(request, about)
}

/** Where the request came from. */
export function notedOriginOf(request: IncomingMessage): Required<RequestOrigin> {
  return known.get(request)?.origin ?? { address: '', requestId: '' }
}

/** For whom pages of the library's answers are written. */
export function notedReaderOf(request: IncomingMessage): Reader {
  const reader = known.get(request)?.reader
  if (reader === undefined) throw new Error('a request that did not come by our routes')
  return reader
}
