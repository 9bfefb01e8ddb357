import type { FastifyRequest } from 'fastify'
import type { RequestOrigin } from '../src/accounts/trace.ts'

/** Where a request came from, for the audit: its id, and the client's address after the trusted proxy hops. */
export function originOf({ id, ip }: FastifyRequest): Required<RequestOrigin> {
  return { requestId: id, address: ip }
}
