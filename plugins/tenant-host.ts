import type { FastifyReply, FastifyRequest } from 'fastify'
import plugin from 'fastify-plugin'
import { translator, type Locale, type Translate } from '../src/messages/message.ts'
import { Problem } from '../src/problems/problem.ts'
import { tenantByHost } from '../src/tenants/tenant-hosts.ts'
import type { Tenant } from '../src/tenants/tenant.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose the request is. Throws Problem `unknown-host` on the operational routes, which belong to nobody. */
    readonly tenant: Tenant
    /** Language of the answer: chosen by the person, else asked for by the browser, else the tenant's. */
    readonly locale: Locale
    readonly t: Translate
    /** What `tenant` and `locale` come from; null before the host was looked at. */
    addressed: { tenant: Tenant; locale: Locale } | null
  }
  interface FastifyContextConfig {
    /** Answers whatever the host name: probes and metrics come by address. */
    anyHost?: boolean
  }
}

const languageCookie = 'lang'

/**
 * Tells the tenant by the Host header, and the language. The header is taken as the client's own: X-Forwarded-Host would let whoever can
 * send it choose the tenant, and a proxy that rewrites Host is a proxy set up wrongly.
 */
export const tenantHost = plugin<{ tenants: readonly Tenant[] }>(async (app, { tenants }) => {
  const match = tenantByHost(tenants)
  app.decorateRequest('addressed', null)
  app.decorateRequest('tenant', { getter: tenantOf })
  app.decorateRequest('locale', { getter: localeOf })
  app.decorateRequest('t', {
    getter(this: FastifyRequest) {
      return translator(localeOf.call(this))
    },
  })
  app.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.config.anyHost === true) return
    const found = match(request.headers.host)
    if (found.kind === 'unknown') throw new Problem('unknown-host')
    request.addressed = { tenant: found.tenant, locale: chooseLocale(request, found.tenant) }
    if (found.kind === 'redirect') return await toIssuer(request, reply, found.tenant)
    return switchLanguage(request, reply, found.tenant)
  })
})

function tenantOf(this: FastifyRequest): Tenant {
  if (this.addressed === null) throw new Problem('unknown-host')
  return this.addressed.tenant
}

function localeOf(this: FastifyRequest): Locale {
  return this.addressed?.locale ?? acceptedLocale(this.headers['accept-language']) ?? 'en'
}

function chooseLocale(request: FastifyRequest, tenant: Tenant): Locale {
  const chosen = request.cookies[languageCookie]
  if (isLocale(chosen)) return chosen
  return acceptedLocale(request.headers['accept-language']) ?? tenant.config.locale
}

/** The first of our languages by the weights of the header (RFC 9110, section 12.5.4). */
function acceptedLocale(header: string | undefined): Locale | undefined {
  if (header === undefined) return undefined
  const ranges = header.split(',', 20).map((part, order) => {
    const [range = '', ...params] = part.trim().toLowerCase().split(';')
    const weight = Number(
      params
        .find((param) => param.trim().startsWith('q='))
        ?.trim()
        .slice(2) ?? 1,
    )
    return { language: range.split('-', 1)[0], weight: Number.isNaN(weight) ? 0 : weight, order }
  })
  ranges.sort((a, b) => b.weight - a.weight || a.order - b.order)
  return ranges
    .filter(({ weight }) => weight > 0)
    .map(({ language }) => language)
    .find(isLocale)
}

function isLocale(text: string | undefined): text is Locale {
  return text === 'fr' || text === 'en'
}

/** What is not a GET cannot be repeated elsewhere by every client: it is refused with the same words as an unknown host. */
async function toIssuer(request: FastifyRequest, reply: FastifyReply, tenant: Tenant) {
  if (request.method !== 'GET' && request.method !== 'HEAD') throw new Problem('unknown-host')
  return await reply.redirect(addressAt(tenant, request.url), 308)
}

/** `?lang=` on a page: kept in a cookie, and away from the address. Always back to the issuer, so that `//evil.example` leads nowhere. */
async function switchLanguage(request: FastifyRequest, reply: FastifyReply, tenant: Tenant) {
  if (request.method !== 'GET' || !request.url.includes('lang=')) return
  const [path = '/', query = ''] = request.url.split('?', 2)
  const params = new URLSearchParams(query)
  const chosen = params.get('lang') ?? undefined
  if (!isLocale(chosen) || path.startsWith('/api/') || path.startsWith('/oauth2/')) return
  params.delete('lang')
  const isSecure = tenant.issuer.startsWith('https:')
  reply.setCookie(languageCookie, chosen, {
    path: '/',
    maxAge: 31_536_000,
    sameSite: 'lax',
    httpOnly: true,
    secure: isSecure,
  })
  const rest = params.size > 0 ? `?${params.toString()}` : ''
  return await reply.redirect(addressAt(tenant, path + rest), 303)
}

/** `url` of a request at the issuer. A request line may also name `http://elsewhere/` or `@elsewhere`, which joined would lead there. */
function addressAt(tenant: Tenant, url: string): string {
  if (!url.startsWith('/')) throw new Problem('invalid-input')
  return tenant.issuer + url
}
