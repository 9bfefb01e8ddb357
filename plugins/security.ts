import csrfProtection from '@fastify/csrf-protection'
import helmet, { type FastifyHelmetOptions } from '@fastify/helmet'
import fastify, { type FastifyRequest, type RouteOptions } from 'fastify'
import plugin from 'fastify-plugin'
import { Problem } from '../src/problems/problem.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Why other sites may call this unsafe route: it then has no CSRF token and no check of the origin. Proves who calls by other means. */
    crossSite?: string
  }
}

export type SecurityOptions = {
  /** Every tenant is on https: cookies and HSTS can rely on it. */
  isHttps: boolean
  /** Name of the cookie that speaks for a person. */
  sessionCookie: (issuer: string) => string
}

const directives = {
  'default-src': ["'none'"],
  'style-src': ["'self'"],
  'script-src': ["'self'"],
  'connect-src': ["'self'"],
  'img-src': ["'self'", 'data:'],
  'font-src': ["'self'"],
  'base-uri': ["'none'"],
  'frame-ancestors': ["'none'"],
  'form-action': ["'self'"],
}

/** Headers of every answer, and what stands between other sites and the unsafe routes of our pages. */
export const security = plugin<SecurityOptions>(async (app, { isHttps, sessionCookie }) => {
  const headers = await helmetHeaders({
    contentSecurityPolicy: { useDefaults: false, directives },
    strictTransportSecurity: isHttps ? { maxAge: 63_072_000, includeSubDomains: false } : false,
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
  })
  headers.set('permissions-policy', 'camera=(), microphone=(), geolocation=(), payment=(), usb=()')
  headers.set('cache-control', 'no-store')
  app.addHook('onRequest', (request, { raw }, done) => {
    // On the raw reply, so that the provider's answers, which Fastify does not send, have them as well.
    for (const [name, value] of headers) raw.setHeader(name, value)
    raw.setHeader('x-request-id', request.id)
    done()
  })

  await app.register(csrfProtection, {
    cookieKey: isHttps ? '__Host-csrf' : 'csrf',
    cookieOpts: { path: '/', httpOnly: true, sameSite: 'lax', secure: isHttps, signed: true },
    getToken: (request) => tokenOf(request),
  })
  const carriesSession = (request: FastifyRequest) =>
    request.cookies[sessionCookie(request.tenant.issuer)] !== undefined
  app.addHook('onRoute', (route) => {
    if (!isUnsafe(route) || route.config?.crossSite !== undefined) return
    // A program's token is no cookie: no other site can make a browser send it. Requests with the session's cookie are pages' requests.
    const isApi = route.url.startsWith('/api/')
    const applies = (request: FastifyRequest) => !isApi || carriesSession(request)
    route.preValidation = [
      (request, _reply, done) => done(applies(request) ? originFault(request) : undefined),
      (request, reply, done) => (applies(request) ? app.csrfProtection(request, reply, done) : done()),
      (request, _reply, done) => done(dropToken(request)),
      ...[route.preValidation ?? []].flat(),
    ]
  })
})

/** What helmet answers with, asked once: it puts the same headers together anew for each request, at a tenth of the cost of a small one. */
async function helmetHeaders(options: FastifyHelmetOptions): Promise<Map<string, string>> {
  const headers = new Map<string, string>()
  const app = fastify()
  await app.register(helmet, options)
  app.get('/', async (_request, { raw }) => {
    for (const [name, value] of Object.entries(raw.getHeaders())) headers.set(name, String(value))
    return ''
  })
  await app.inject('/')
  await app.close()
  return headers
}

const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Whether the method may change something (RFC 9110, section 9.2.1). */
export function isUnsafe({ method }: Pick<RouteOptions, 'method'>): boolean {
  return [method].flat().some((each) => !safeMethods.has(each.toUpperCase()))
}

/**
 * Whether the browser says that another site sent the request. With `Referrer-Policy: no-referrer` a browser writes `Origin: null` on our
 * own forms as well (Fetch, "append a request Origin header"); then only Sec-Fetch-Site, which no page can set, tells them apart.
 */
function originFault(request: FastifyRequest): Problem | undefined {
  const { origin, 'sec-fetch-site': site } = request.headers
  const isOwnSite = site === undefined || site === 'same-origin' || site === 'none'
  const isOwnOrigin =
    origin === undefined || origin === request.tenant.issuer || (origin === 'null' && site === 'same-origin')
  return isOwnSite && isOwnOrigin ? undefined : new Problem('foreign-origin')
}

function tokenOf(request: FastifyRequest): string | undefined {
  const header = request.headers['x-csrf-token']
  if (typeof header === 'string') return header
  const { body } = request
  if (typeof body !== 'object' || body === null || !('_csrf' in body)) return undefined
  return typeof body._csrf === 'string' ? body._csrf : undefined
}

/** The token is ours: routes validate their own fields, strictly. */
function dropToken({ body }: FastifyRequest): undefined {
  if (typeof body === 'object' && body !== null && '_csrf' in body) delete body._csrf
}
