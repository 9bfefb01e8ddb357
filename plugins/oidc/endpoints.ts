import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { originOf } from '../request-origin.ts'
import { answerPreflight } from './cors.ts'
import type { Document } from './documents.ts'
import { pinIssuer } from './pin-issuer.ts'
import { libraryPageReader } from './pages/reader.ts'
import { noteRequest } from './noted-request.ts'
import type { TenantOidc } from './tenant-oidc.ts'

export type EndpointOptions = {
  oidcOf(request: FastifyRequest): TenantOidc
  demo: boolean
}

/** The addresses of LemonLDAP::NG, so that applications migrate unchanged. */
const machineEndpoints = ['/oauth2/token', '/oauth2/introspect', '/oauth2/revoke', '/oauth2/par'] as const
const browserEndpoints = [
  '/oauth2/authorize',
  '/oauth2/authorize/:uid',
  '/oauth2/logout',
  '/oauth2/logout/success',
] as const

/** What the library answers, route by route: nothing else reaches it. */
export async function endpoints(app: FastifyInstance, { oidcOf, demo }: EndpointOptions): Promise<void> {
  const toLibrary = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const { tenant, running } = oidcOf(request)
    const { answer } = await running()
    noteRequest(request.raw, {
      origin: originOf(request),
      reader: libraryPageReader(request, app.assetUrls, demo),
    })
    reply.hijack()
    // Headers that hooks have set are Fastify's; a hijacked reply loses them.
    for (const [name, value] of Object.entries(reply.getHeaders())) {
      if (value !== undefined) reply.raw.setHeader(name, value)
    }
    pinIssuer(request.raw, tenant.issuer)
    await answer(request.raw, reply.raw)
  }
  const preflight = async (request: FastifyRequest, reply: FastifyReply) =>
    answerPreflight(request, reply, oidcOf(request).isClientOrigin(request.headers.origin))

  // The library reads bodies itself: here they stay as they are.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => done(null))
  for (const url of browserEndpoints) app.get(url, { exposeHeadRoute: false }, toLibrary)
  app.post(
    '/oauth2/logout/confirm',
    { config: { crossSite: "the library's own token", inReadOnly: 'signs out' } },
    toLibrary,
  )
  const machines = {
    crossSite: 'a client that proves itself, or a bearer token',
    inReadOnly: 'applications go on signing people in',
  }
  for (const url of machineEndpoints) app.post(url, { config: machines }, toLibrary)
  app.get('/oauth2/userinfo', { exposeHeadRoute: false }, toLibrary)
  app.post('/oauth2/userinfo', { config: machines }, toLibrary)
  for (const url of [...machineEndpoints, '/oauth2/userinfo']) app.options(url, preflight)
}

/** The documents that applications read again and again, as bytes that are made once. */
export async function documentRoutes(app: FastifyInstance, { oidcOf }: EndpointOptions): Promise<void> {
  const documents = {
    '/.well-known/openid-configuration': 'discovery',
    '/.well-known/oauth-authorization-server': 'discovery',
    '/oauth2/jwks': 'jwks',
  } as const
  for (const [url, name] of Object.entries(documents)) {
    app.get(url, async (request, reply) => {
      const oidc = oidcOf(request)
      return sendDocument(request, reply, (await oidc.running()).documents[name], oidc)
    })
    app.options(url, async (request, reply) =>
      answerPreflight(request, reply, oidcOf(request).isClientOrigin(request.headers.origin)),
    )
  }
}

/** Ten minutes: as long as a new signing key is published before it is used, and less. */
const cacheControl = 'public, max-age=600'

function sendDocument(request: FastifyRequest, reply: FastifyReply, document: Document, oidc: TenantOidc) {
  const { origin } = request.headers
  const headers = {
    'cache-control': cacheControl,
    etag: document.etag,
    vary: 'Origin',
    'content-type': document.type,
  }
  reply.headers(headers)
  if (oidc.isClientOrigin(origin)) reply.header('access-control-allow-origin', origin)
  return request.headers['if-none-match'] === document.etag
    ? reply.code(304).send()
    : reply.send(document.body)
}

const formSchema = z.record(z.string(), z.string())

/**
 * Both endpoints must take POST as well (OpenID Connect Core, section 3.1.2.1; RP-Initiated Logout, section 2). From another site a POST comes
 * without our Lax cookies, so that it is turned into the GET that it stands for. Needs the parser of forms.
 */
export async function postedRequests(scope: FastifyInstance, { oidcOf }: EndpointOptions): Promise<void> {
  const app = scope.withTypeProvider<ZodTypeProvider>()
  const config = { crossSite: 'the same as a link; nothing is done', inReadOnly: 'the same as a link' }
  for (const url of ['/oauth2/authorize', '/oauth2/logout']) {
    app.post(url, { config, schema: { body: formSchema, hide: true } }, async (request, reply) => {
      const query = new URLSearchParams(request.body)
      return reply.redirect(`${oidcOf(request).tenant.issuer}${url}?${query.toString()}`, 303)
    })
  }
}
