import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Tenant } from '../../src/tenants/tenant.ts'
import { clientOrigins } from './clients.ts'

const maxAge = '3600'

/** Whether pages of that origin may read our answers: only those of applications that are registered, and never `null`. */
export function createOriginCheck(tenant: Tenant): (origin: string | undefined) => boolean {
  const origins = clientOrigins(tenant)
  return (origin) => origin !== undefined && origins.has(origin)
}

/** Answers the question of a browser before a request from another origin (Fetch, "CORS-preflight"). */
export function answerPreflight(
  request: FastifyRequest,
  reply: FastifyReply,
  isKnown: boolean,
): FastifyReply {
  reply.header('vary', 'Origin').code(204)
  if (isKnown) {
    reply.headers({
      'access-control-allow-origin': request.headers.origin,
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'authorization, content-type',
      'access-control-max-age': maxAge,
    })
  }
  return reply.send()
}
