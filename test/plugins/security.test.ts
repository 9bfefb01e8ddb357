import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { refusesAll } from '../../plugins/route-table.ts'
import { buildTestApp } from './built-app.ts'
import { makeTenant, openTestFrame, type TestFrame } from './web-frame.ts'

const issuer = 'https://id.acme.example'
const host = 'id.acme.example'
let frame: TestFrame['app']

beforeAll(async () => {
  const opened = await openTestFrame([makeTenant({ issuer })], (app) => {
    app.get('/form', async (_request, reply) => reply.csrf())
    app.post(
      '/form',
      { schema: { body: z.strictObject({ name: z.string() }) } },
      async (request) => request.body,
    )
    app.post('/api/v1/act', async () => ({ done: true }))
    app.post('/hook', { config: { crossSite: 'a program signs it' } }, async () => ({ done: true }))
    app.get(
      '/search',
      { schema: { querystring: z.strictObject({ q: z.string() }) } },
      async (request) => request.query,
    )
    app.post(
      '/api/v1/json',
      { schema: { body: z.strictObject({ name: z.string() }) } },
      async (request) => request.body,
    )
    app.get('/who', async (request) => ({ ip: request.ip }))
  })
  frame = opened.app
})
afterAll(async () => await frame.close())

/** A browser that has opened the form. */
async function openForm() {
  const answer = await frame.inject({ url: '/form', headers: { host } })
  const cookie = String(answer.headers['set-cookie']).split(';', 1)[0] ?? ''
  return { cookie, token: answer.body, setCookie: String(answer.headers['set-cookie']) }
}

function post(url: string, form: Record<string, string>, headers: Record<string, string> = {}) {
  const type = { 'content-type': 'application/x-www-form-urlencoded' }
  return frame.inject({
    method: 'POST',
    url,
    headers: { host, ...type, ...headers },
    payload: new URLSearchParams(form).toString(),
  })
}

describe('a form of ours', () => {
  test('is accepted with its token, which the route does not see', async () => {
    const { cookie, token } = await openForm()
    const answer = await post(
      '/form',
      { name: 'Élodie', _csrf: token },
      { cookie, origin: issuer, 'sec-fetch-site': 'same-origin' },
    )
    expect([answer.statusCode, answer.json()]).toEqual([200, { name: 'Élodie' }])
  })

  test('keeps its secret in a cookie for this host alone, out of reach of scripts', async () => {
    const { setCookie } = await openForm()
    expect(setCookie).toMatch(/^__Host-csrf=.+; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
  })

  test('is accepted when the browser hides the origin from us but says that it is ours', async () => {
    const { cookie, token } = await openForm()
    const answer = await post(
      '/form',
      { name: 'x', _csrf: token },
      { cookie, origin: 'null', 'sec-fetch-site': 'same-origin' },
    )
    expect(answer.statusCode).toBe(200)
  })

  const foreign: Record<string, Record<string, string>> = {
    'from another origin': { origin: 'https://evil.example' },
    'from the origin over http': { origin: 'http://id.acme.example' },
    'from a hidden origin': { origin: 'null' },
    'from another site': { 'sec-fetch-site': 'cross-site' },
    'from a neighbour in the domain': { 'sec-fetch-site': 'same-site', origin: 'null' },
  }
  test.each(Object.entries(foreign))('is refused %s, with the right token', async (_name, headers) => {
    const { cookie, token } = await openForm()
    const answer = await post(
      '/form',
      { name: 'x', _csrf: token },
      { cookie, accept: 'application/json', ...headers },
    )
    expect([answer.statusCode, answer.json().code]).toEqual([403, 'foreign-origin'])
  })

  test("is refused without a token, with another browser's token, and with a cookie that we did not sign", async () => {
    const [mine, theirs] = [await openForm(), await openForm()]
    const forged = `${mine.cookie.split('.', 1)[0]}.forged`
    const answers = await Promise.all([
      post('/form', { name: 'x' }, { cookie: mine.cookie }),
      post('/form', { name: 'x', _csrf: theirs.token }, { cookie: mine.cookie }),
      post('/form', { name: 'x', _csrf: mine.token }, { cookie: forged }),
      post('/form', { name: 'x', _csrf: mine.token }),
    ])
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([403, 403, 403, 403])
  })
})

describe('the API', () => {
  test('asks programs for no token, since no browser sends theirs by itself', async () => {
    const answer = await frame.inject({
      method: 'POST',
      url: '/api/v1/act',
      headers: { host, authorization: 'Bearer x' },
    })
    expect(answer.statusCode).toBe(200)
  })

  test('asks the browser session for one, also beside a bearer token', async () => {
    const bare = await frame.inject({
      method: 'POST',
      url: '/api/v1/act',
      headers: { host, cookie: 'session=abc' },
    })
    const both = await frame.inject({
      method: 'POST',
      url: '/api/v1/act',
      headers: { host, cookie: 'session=abc', authorization: 'Bearer x' },
    })
    const { cookie, token } = await openForm()
    const good = await frame.inject({
      method: 'POST',
      url: '/api/v1/act',
      headers: { host, cookie: `session=abc; ${cookie}`, 'x-csrf-token': token },
    })
    expect([bare, both, good].map(({ statusCode }) => statusCode)).toEqual([403, 403, 200])
  })
})

describe('every route of the service', () => {
  test('that changes something refuses a missing token and a foreign origin, unless it says why not', async () => {
    const app = await buildTestApp([makeTenant({ issuer })])
    try {
      const unsafe = app.routeTable.filter(
        ({ method, config }) => !/^(GET|HEAD|OPTIONS)$/.test(method) && config.crossSite !== refusesAll,
      )
      const open = unsafe.filter(({ config }) => config.crossSite !== undefined)
      expect(open.map(({ url }) => url).toSorted()).toEqual(crossSiteRoutes)
      const guarded = unsafe.filter(({ config }) => config.crossSite === undefined)
      expect(guarded.length).toBeGreaterThan(2)
      for (const { method, url } of guarded) {
        const cookie = '__Host-session=abc'
        const [bare, foreign] = await Promise.all([
          app.inject({ method, url, headers: { host, cookie } }),
          app.inject({ method, url, headers: { host, cookie, origin: 'https://evil.example' } }),
        ])
        expect([url, bare.statusCode, foreign.statusCode]).toEqual([url, 403, 403])
      }
    } finally {
      await app.close()
    }
  })
})

/** A route is added here when it proves who calls by something that no browser sends by itself. */
const crossSiteRoutes = [
  '/oauth2/authorize',
  '/oauth2/introspect',
  '/oauth2/logout',
  '/oauth2/logout/confirm',
  '/oauth2/par',
  '/oauth2/revoke',
  '/oauth2/token',
  '/oauth2/userinfo',
]

describe('every answer', () => {
  test('has the policy that lets nothing of others in, also when it is a refusal', async () => {
    const answers = await Promise.all(
      ['/form', '/nothing', '/search'].map((url) => frame.inject({ url, headers: { host } })),
    )
    for (const { headers } of answers) {
      expect(headers['content-security-policy']).toBe(
        "default-src 'none';style-src 'self';script-src 'self';connect-src 'self';img-src 'self' data:;font-src 'self';base-uri 'none';frame-ancestors 'none';form-action 'self'",
      )
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'strict-transport-security': 'max-age=63072000',
      })
      expect(headers['permissions-policy']).toContain('camera=()')
      expect(headers['x-request-id']).toMatch(/^[\da-f-]{36}$/)
    }
  })

  test('says nothing of https where a tenant is served without it', async () => {
    const { app } = await openTestFrame([makeTenant({ issuer: 'http://localhost:8080' })], () => {})
    const { headers } = await app.inject({ url: '/x', headers: { host: 'localhost:8080' } })
    expect(headers['strict-transport-security']).toBeUndefined()
    await app.close()
  })
})

describe('what a client sends', () => {
  const bad: Record<string, { url: string; body?: string; type?: string; status?: number }> = {
    'a parameter twice': { url: '/search?q=a&q=b' },
    'an unknown parameter': { url: '/search?q=a&r=b' },
    'a null character in a query': { url: '/search?q=a%00b' },
    'a null character in a path': { url: '/sea%00rch' },
    'half a percent-encoding': { url: '/search?q=%zz' },
    'half a percent-encoding in the path': { url: '/%zz' },
    'bytes that are no UTF-8': { url: '/search?q=%ff' },
    'a null character in JSON': { url: '/api/v1/json', body: '{"name":"a\\u0000b"}' },
    'half a JSON': { url: '/api/v1/json', body: '{"name":' },
    'a prototype in JSON': { url: '/api/v1/json', body: '{"__proto__":{"name":"x"}}' },
    'a null character in a form': {
      url: '/api/v1/json',
      body: 'name=a%00b',
      type: 'application/x-www-form-urlencoded',
    },
    'a field of a form twice': {
      url: '/api/v1/json',
      body: 'name=a&name=b',
      type: 'application/x-www-form-urlencoded',
    },
    'half a percent-encoding in a form': {
      url: '/api/v1/json',
      body: 'name=%c3',
      type: 'application/x-www-form-urlencoded',
    },
    'levels without end in JSON': { url: '/api/v1/json', body: '['.repeat(30_000) + ']'.repeat(30_000) },
    'too much': { url: '/api/v1/json', body: JSON.stringify({ name: 'x'.repeat(70_000) }), status: 413 },
    XML: { url: '/api/v1/json', body: '<name>x</name>', type: 'application/xml', status: 415 },
  }
  test.each(Object.entries(bad))(
    'with %s is refused, not answered with 500',
    async (_name, { url, body, type = 'application/json', status = 400 }) => {
      const answer = await frame.inject(
        body === undefined
          ? { url, headers: { host } }
          : { method: 'POST', url, headers: { host, 'content-type': type }, payload: body },
      )
      expect(answer.statusCode).toBe(status)
    },
  )

  test('as a login with slashes, spaces and accents is no trouble', async () => {
    const answer = await frame.inject({
      url: `/search?q=${encodeURIComponent('é/l o@d%ie')}`,
      headers: { host },
    })
    expect(answer.json()).toEqual({ q: 'é/l o@d%ie' })
  })

  test('as X-Forwarded-For changes nothing beyond the proxies that we know', async () => {
    const forged = { host, 'x-forwarded-for': '6.6.6.6, 10.0.0.9' }
    const seen: string[] = []
    for (const trustedProxyHops of [0, 1, 2]) {
      const server = { host: '127.0.0.1', port: 0, trustedProxyHops, logLevel: 'silent' as const }
      const { app } = await openTestFrame(
        [makeTenant({ issuer })],
        (routes) => void routes.get('/who', async (request) => ({ ip: request.ip })),
        { config: { server, keys: ['k'.repeat(43)] } },
      )
      seen.push((await app.inject({ url: '/who', headers: forged, remoteAddress: '10.0.0.1' })).json().ip)
      await app.close()
    }
    expect(seen).toEqual(['10.0.0.1', '10.0.0.9', '6.6.6.6'])
  })
})
