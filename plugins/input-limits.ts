import formbody from '@fastify/formbody'
import type { Server } from 'node:http'
import { parse } from 'node:querystring'
import type { FastifyHttpOptions } from 'fastify'
import plugin from 'fastify-plugin'
import { Problem } from '../src/problems/problem.ts'

/** How much and for how long a client may send. A form of ours is below 4 KiB; a login of 64 characters is at most 768 bytes encoded. */
export const serverLimits = {
  bodyLimit: 65_536,
  connectionTimeout: 60_000,
  requestTimeout: 30_000,
  // Longer than a router keeps its connections to us, which would otherwise meet a connection that closes.
  keepAliveTimeout: 75_000,
  http: { maxHeaderSize: 16_384, headersTimeout: 15_000 },
  routerOptions: { maxParamLength: 1_024 },
} satisfies FastifyHttpOptions<Server>

/** Forms, and what no text of ours holds: null characters (PostgreSQL and LDAP libraries stumble over them) and broken percent-encoding. */
export const inputLimits = plugin(async (app) => {
  await app.register(formbody, { parser: parseForm })
  app.addHook('onRequest', async ({ url }) => {
    if (url.includes('%') && !isWellEncoded(url)) throw malformed()
  })
  app.addHook('preValidation', async ({ body }) => {
    if (holdsNull(body))
      throw new Problem('invalid-input', { faults: [{ field: '', reason: 'null-character' }] })
  })
})

function parseForm(text: string): Record<string, unknown> {
  if (!isWellEncoded(text)) throw malformed()
  // `querystring` gives an array for a name that comes twice: the routes' schemas refuse it.
  return { ...parse(text) }
}

function isWellEncoded(text: string): boolean {
  if (/%00|\0/.test(text)) return false
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

function malformed(): Problem {
  return new Problem('invalid-input', { faults: [{ field: '', reason: 'malformed' }] })
}

/** Without recursion: 64 KiB of `[` are 65,536 levels. */
function holdsNull(body: unknown): boolean {
  const pending: unknown[] = [body]
  while (pending.length > 0) {
    const value = pending.pop()
    if (typeof value === 'string' && value.includes('\0')) return true
    if (typeof value !== 'object' || value === null) continue
    for (const [key, held] of Object.entries<unknown>({ ...value })) pending.push(key, held)
  }
  return false
}
