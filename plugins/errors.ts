import type { FastifyReply, FastifyRequest } from 'fastify'
import plugin from 'fastify-plugin'
import { Problem, type ProblemCode } from '../src/problems/problem.ts'
import { problemDocument, problemType } from './problem-document.ts'
import { validationProblem } from './validation.ts'
import { errorNotice, errorPage } from './web/error-page.ts'
import { signInPath, type Viewer } from './web/layout.ts'
import { visitor } from './web/viewer.ts'
import { codeOf } from '../src/problems/thrown.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Code of the problem that the request was answered with, for the log line and the metrics. */
    problem: ProblemCode | null
  }
}

export type ErrorsOptions = {
  /** Who reads the error page; asked only when the service itself is well. */
  viewer: (request: FastifyRequest) => Promise<Viewer>
}

/** The one place where what went wrong is answered: as problem+json to programs, as a page to people. What is our fault is logged, once. */
export const errors = plugin<ErrorsOptions>(async (app, { viewer }) => {
  app.decorateRequest('problem', null)
  app.setErrorHandler(
    async (error, request, reply) => await answer(problemOf(error, request), request, reply, viewer),
  )
  app.setNotFoundHandler(
    async (request, reply) => await answer(new Problem('not-found'), request, reply, viewer),
  )
})

/** Any error as one of the closed list. What is not foreseen is `internal`. */
function problemOf(error: unknown, request: FastifyRequest): Problem {
  if (error instanceof Problem) return error
  const refused = validationProblem(error, request)
  if (refused !== undefined) return refused
  if (!(error instanceof Error)) return new Problem('internal', { cause: error })
  const code = codeOf(error)
  if (code.startsWith('FST_CSRF_')) return new Problem('foreign-origin')
  // Only Fastify's own errors: a status that some library put on its error says nothing about our answer.
  const status = code.startsWith('FST_') && 'statusCode' in error ? Number(error.statusCode) : 500
  return new Problem(frameworkCodes[status] ?? 'internal', { cause: error })
}

const frameworkCodes: Readonly<Record<number, ProblemCode>> = {
  400: 'invalid-input',
  404: 'not-found',
  413: 'payload-too-large',
  414: 'invalid-input',
  415: 'unsupported-media-type',
  431: 'header-too-large',
  503: 'overloaded',
}

/** Answers also when the answer itself fails: what Fastify would say then has the error's own message in it. */
async function answer(
  problem: Problem,
  request: FastifyRequest,
  reply: FastifyReply,
  viewer: ErrorsOptions['viewer'],
): Promise<FastifyReply> {
  try {
    return await answerInKind(problem, request, reply, viewer)
  } catch (err) {
    request.log.error({ err }, 'the error page failed')
    const internal = new Problem('internal')
    return await reply
      .code(500)
      .type(problemType)
      .send(JSON.stringify(problemDocument(internal, request.t, request.id)))
  }
}

async function answerInKind(
  problem: Problem,
  request: FastifyRequest,
  reply: FastifyReply,
  viewer: ErrorsOptions['viewer'],
): Promise<FastifyReply> {
  request.problem = problem.code
  logFailure(problem, request)
  reply.code(problem.status).headers(headersOf(problem))
  const { t, id, url, addressed } = request
  // Nobody's page can be shown for an address that is nobody's.
  if (addressed === null || wantsDocument(request)) {
    return await reply.type(problemType).send(JSON.stringify(problemDocument(problem, t, id)))
  }
  const context = { t, requestId: id, url, brand: request.brand }
  if (request.wantsFragment) return reply.fragment(errorNotice(problem, context))
  if (problem.code === 'not-signed-in' && request.method === 'GET') {
    return await reply.redirect(signInPath(url), 303)
  }
  const isWell = problem.status < 500 || problem.code === 'maintenance'
  const reader = isWell ? await viewer(request).catch(() => null) : null
  return reply.page(errorPage(problem, context, reader ?? visitor(addressed.tenant.config)))
}

function logFailure(problem: Problem, request: FastifyRequest): void {
  if (problem.status < 500) return
  const err = problem.cause ?? problem
  if (problem.code === 'internal') request.log.error({ err, problem: problem.code }, 'request failed')
  else request.log.warn({ err, problem: problem.code }, 'request refused')
}

function headersOf({ code, status, retryAfter }: Problem): Record<string, string> {
  const headers: Record<string, string> = {}
  const wait = retryAfter ?? (status === 503 ? 5 : undefined)
  if (wait !== undefined) headers['retry-after'] = String(wait)
  const challenge = challenges[code]
  if (challenge !== undefined) headers['www-authenticate'] = challenge
  return headers
}

// RFC 6750, section 3.1.
const challenges: Partial<Record<ProblemCode, string>> = {
  'not-signed-in': 'Bearer',
  'invalid-token': 'Bearer error="invalid_token"',
  'insufficient-scope': 'Bearer error="insufficient_scope"',
}

const programPaths = /^\/(?:api|oauth2|\.well-known)(?:\/|$)/

function wantsDocument(request: FastifyRequest): boolean {
  const accept = request.headers.accept ?? ''
  return programPaths.test(request.url) || (/\bjson\b/.test(accept) && !accept.includes('text/html'))
}
