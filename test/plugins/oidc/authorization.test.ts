import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { application, callback, openApplication, signIn, tokenRequest } from './application.ts'
import { createBrowser } from './browser.ts'
import { ask, startReplicas, type Replicas } from './replicas.ts'
import type { TestService } from './service.ts'

const old = { ...application, id: 'old', requirePkce: false }
const native = { id: 'cli', redirectUris: ['http://127.0.0.1/cb', 'com.example.cli:/cb'], consent: 'implied' }
let replicas: Replicas
let service: TestService

beforeAll(async () => {
  replicas = await startReplicas({ clients: [application, old, native] })
  service = replicas.first
})
afterAll(() => replicas.stop())

const challenge = {
  code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  code_challenge_method: 'S256',
}

function authorizeUrl(params: Record<string, string>): string {
  const query = {
    client_id: 'app',
    response_type: 'code',
    redirect_uri: callback,
    scope: 'openid',
    state: 'st',
    ...params,
  }
  return `${service.issuer}/oauth2/authorize?${new URLSearchParams(query).toString()}`
}

/** What the application is told. */
async function answerTo(params: Record<string, string>, browser = createBrowser({ leavesTo: [callback] })) {
  const answer = await browser.open(authorizeUrl(params))
  return { ...answer, told: Object.fromEntries(new URL(answer.url).searchParams) }
}

async function signedIn() {
  const browser = createBrowser({ leavesTo: [callback] })
  await signIn(browser, service)
  return browser
}

const elsewhere = [
  `${callback}/`,
  `${callback}?x=1`,
  `${callback}#f`,
  'https://APP.example/callback',
  'https://app.example/Callback',
  'https://user@app.example/callback',
  'https://app.example:443/callback',
  'https://app.example.evil.test/callback',
  'https://app.example@evil.test/callback',
  'http://app.example/callback',
  'https://app.example/callback/../other',
  'https://app.example/%63allback',
  'https://app.example\\@evil.test/callback',
  'javascript:alert(1)',
  '//app.example/callback',
  '',
]

test.for(elsewhere)(
  'nobody is sent to an address that is not registered exactly: %s',
  async (redirectUri) => {
    const browser = await signedIn()
    const answer = await browser.once(authorizeUrl({ ...challenge, redirect_uri: redirectUri }))
    expect(answer.status).toBe(400)
    expect(answer.headers.get('location')).toBeNull()
  },
)

test.for(['http://127.0.0.1:51004/cb', 'http://127.0.0.1/cb'])(
  'an app on a device may listen on any port of the loopback address: %s',
  async (redirectUri) => {
    const browser = createBrowser({ leavesTo: ['http://127.0.0.1'] })
    const page = await browser.open(
      authorizeUrl({ ...challenge, client_id: 'cli', redirect_uri: redirectUri }),
    )
    expect(new URL(page.url).pathname).toMatch(/^\/sign-in\//)
  },
)

test('without PKCE nothing starts, and plain is no PKCE', async () => {
  expect((await answerTo({})).told).toMatchObject({ error: 'invalid_request' })
  const plain = { code_challenge: 'x'.repeat(43), code_challenge_method: 'plain' }
  expect((await answerTo(plain)).told).toMatchObject({ error: 'invalid_request' })
  expect((await answerTo({ code_challenge: 'x'.repeat(43) })).told).toMatchObject({
    error: 'invalid_request',
  })
})

test('an old application may go without PKCE, and the audit says so at every use', async () => {
  const { told } = await answerTo({ client_id: 'old' }, await signedIn())
  const code = { grant_type: 'authorization_code', code: told['code'] ?? '', redirect_uri: callback }
  const downgraded = await tokenRequest(service, { ...code, code_verifier: 'x'.repeat(43) }, old)
  expect(downgraded.body).toMatchObject({ error: 'invalid_grant' })
  expect((await tokenRequest(service, code, old)).status).toBe(200)
  await service.audit.settled()
  const { items } = await service.audit.list('acme', { limit: 1, action: 'token.issue' })
  expect(items).toMatchObject([{ code: 'without-pkce', client: 'old' }])
})

test('every answer to an application says who gives it', async () => {
  const browser = await signedIn()
  const { issuer } = service
  expect((await answerTo(challenge, browser)).told).toMatchObject({ iss: issuer, state: 'st' })
  expect((await answerTo({}, browser)).told).toMatchObject({ iss: issuer, error: 'invalid_request' })
  const quiet = await answerTo({ ...challenge, prompt: 'none' })
  expect(quiet.told).toMatchObject({ iss: issuer, error: 'login_required' })
})

test.for(['token', 'id_token', 'code id_token', 'code token', 'none'])(
  'the response type %s is refused',
  async (type) => {
    const { told, url } = await answerTo({ ...challenge, response_type: type, nonce: 'n' })
    const error = told['error'] ?? new URLSearchParams(new URL(url).hash.slice(1)).get('error')
    expect(error).toMatch(/^(unsupported_response_type|invalid_request)$/)
  },
)

test('passwords are no grant', async () => {
  const answer = await tokenRequest(service, {
    grant_type: 'password',
    username: 'alice',
    password: 'pw-alice',
  })
  expect(answer.body).toMatchObject({ error: 'unsupported_grant_type' })
})

test('no answer is kept, framed, or leaks where it came from', async () => {
  const browser = await signedIn()
  const start = await browser.open(authorizeUrl({ ...challenge, prompt: 'login' }))
  const answers = [
    await browser.once(authorizeUrl(challenge)),
    await browser.once(authorizeUrl({ client_id: 'unknown' })),
    await browser.once(authorizeUrl({ ...challenge, prompt: 'login' })),
    await browser.once(authorizeUrl({ ...challenge, response_mode: 'form_post' })),
    start,
    await browser.once(`${service.issuer}/sign-in`),
    await browser.once(`${service.issuer}/signed-in`),
    await browser.once(`${service.issuer}/sign-in/none`),
    await browser.once(`${service.issuer}/oauth2/logout`),
    await browser.once(`${service.issuer}/oauth2/userinfo`),
  ]
  const token = await tokenRequest(service, { grant_type: 'authorization_code' })
  for (const { url, headers } of [...answers, { url: 'token', headers: token.headers }]) {
    expect.soft(headers.get('cache-control'), url).toBe('no-store')
    expect.soft(headers.get('referrer-policy'), url).toBe('no-referrer')
    expect.soft(headers.get('x-content-type-options'), url).toBe('nosniff')
    expect.soft(headers.get('x-frame-options'), url).toBe('DENY')
    const policy = headers.get('content-security-policy') ?? ''
    expect.soft(policy, url).toContain("frame-ancestors 'none'")
    expect.soft(policy, url).not.toContain('unsafe-inline')
  }
  const formPost = answers[3]
  expect(formPost?.text).toContain(`action="${callback}"`)
  expect(formPost?.headers.get('content-security-policy')).toMatch(/script-src 'self' 'sha256-/)
})

test('markup in a request is text in the error page', async () => {
  const browser = createBrowser()
  for (const params of [
    { client_id: '<script>alert(1)</script>' },
    { redirect_uri: 'https://x/"><img src=x>' },
    { redirect_uri: 'https://x', state: '<b>', scope: '<i>' },
  ]) {
    const { status, text } = await browser.once(authorizeUrl({ ...challenge, ...params }))
    expect(status).toBe(400)
    expect(text).not.toMatch(/<script>alert|<img src=x|<b>|<i>/)
  }
})

test('an application may send people by POST', async () => {
  const body = new URLSearchParams({
    client_id: 'app',
    response_type: 'code',
    redirect_uri: callback,
    scope: 'openid',
    ...challenge,
  })
  const browser = await signedIn()
  const answer = await browser.open(`${service.issuer}/oauth2/authorize`, {
    method: 'POST',
    body,
    headers: { origin: 'https://app.example' },
  })
  expect(new URL(answer.url).searchParams.get('code')).not.toBeNull()
})

test('a pushed request is used once', async () => {
  const app = await openApplication(service)
  const flow = await app.start()
  const pushed = await ask(service, '/oauth2/par', {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`app:${application.secret}`)}` },
    form: Object.fromEntries(new URL(flow.url).searchParams),
  })
  const { request_uri: requestUri } = z.object({ request_uri: z.string() }).parse(JSON.parse(pushed.body))
  const browser = await signedIn()
  const url = `${service.issuer}/oauth2/authorize?${new URLSearchParams({ client_id: 'app', request_uri: requestUri }).toString()}`
  const answer = await browser.open(url)
  expect((await app.redeem(answer, flow)).access_token).toBeDefined()
  const again = await browser.open(url)
  expect(again.text + again.url).toMatch(/invalid_request_uri/)
})

test('bodies that are too large or hold null characters are refused, not stumbled over', async () => {
  const large = await tokenRequest(service, {
    grant_type: 'authorization_code',
    code: 'x'.repeat(100_000),
  }).catch(() => ({ status: 413 }))
  expect([400, 413]).toContain(large.status)
  const nul = await tokenRequest(service, {
    grant_type: 'authorization_code',
    code: 'a\0b',
    redirect_uri: callback,
  })
  expect(nul.status).toBe(400)
  const nulClient = await tokenRequest(service, { grant_type: 'refresh_token', refresh_token: '\0' })
  expect(nulClient.status).toBe(400)
})
