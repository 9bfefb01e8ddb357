import { randomUUID } from 'node:crypto'
import type { IncomingMessage, Server } from 'node:http'
import { LogController, type FastifyHttpOptions, type FastifyRequest } from 'fastify'
import plugin from 'fastify-plugin'
import type { Config } from '../src/config/schema.ts'
import { codeOf } from '../src/problems/thrown.ts'

export type LoggingOptions = {
  level: Config['server']['logLevel']
  /** Names the tenant of a Host header in every line of its requests. */
  tenantOf: (host: string | undefined) => string | undefined
  /** A proxy of ours is in front: its request ids are taken over. */
  isBehindProxy: boolean
  /** Where the lines go; standard output when absent. */
  stream?: { write(line: string): void }
}

/** Lines of JSON with the id of the request and the name of the tenant, and no secret: no header, no query, no body is ever written. */
export function loggingOptions(options: LoggingOptions) {
  const { level, tenantOf, isBehindProxy, stream } = options
  return {
    logger: {
      level,
      redact: { paths: secretPaths, censor: '[redacted]' },
      serializers: {
        err: writeError,
        req: ({ method, url }: FastifyRequest) => ({ method, url: withoutQuery(url) }),
      },
      formatters: { level: (label: string) => ({ level: label }) },
      ...(stream === undefined ? {} : { stream }),
    },
    requestIdHeader: false,
    genReqId: (request: IncomingMessage) => (isBehindProxy ? givenId(request) : undefined) ?? randomUUID(),
    childLoggerFactory: (logger, bindings, childOptions, request) =>
      logger.child({ ...bindings, tenant: tenantOf(request.headers.host) }, childOptions),
    // One line a request instead of two: `requestLog`.
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
  } satisfies FastifyHttpOptions<Server>
}

// A net below the rule that none of these is handed to the logger.
const secretNames = [
  'headers',
  'body',
  'authorization',
  'cookie',
  'password',
  'token',
  'secret',
  'client_secret',
]
const secretPaths = secretNames.flatMap((name) => [name, `*.${name}`])

function givenId(request: IncomingMessage): string | undefined {
  const given = request.headers['x-request-id']
  return typeof given === 'string' && /^[\w.:-]{8,64}$/.test(given) ? given : undefined
}

/** What an error says of itself, and of its causes. Other members of an error may hold anything: a request, a password. */
function writeError(error: unknown): ErrorLine {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error), stack: '' }
  const { name, message, stack = '', cause } = error
  const code = codeOf(error) || undefined
  return { type: name, message, code, stack, ...(cause === undefined ? {} : { cause: writeError(cause) }) }
}

type ErrorLine = { type: string; message: string; stack: string; [more: string]: unknown }

/** One line for each request, when it is answered. */
export const requestLog = plugin(async (app) => {
  app.addHook('onResponse', async (request, reply) => {
    if (request.routeOptions.config.anyHost === true) return
    const { method, ip, problem } = request
    const ms = Math.round(reply.elapsedTime * 10) / 10
    request.log.info({
      method,
      path: pathOf(request),
      status: reply.statusCode,
      problem: problem ?? undefined,
      ip,
      ms,
    })
  })
})

/** Without the query, which holds codes and what people search for; with its template where the path holds a token. */
function pathOf({ url, params, routeOptions }: FastifyRequest): string {
  const holdsToken = typeof params === 'object' && params !== null && 'token' in params
  return holdsToken ? (routeOptions.url ?? '') : withoutQuery(url)
}

function withoutQuery(url: string): string {
  return url.split('?', 1)[0] ?? ''
}
