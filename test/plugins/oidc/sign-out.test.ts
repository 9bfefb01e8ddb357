import { afterAll, beforeAll, expect, test } from 'vitest'
import { application, callback, openApplication, signIn, tokenRequest } from './application.ts'
import { createBrowser, type Browser } from './browser.ts'
import { ask, startReplicas, type Replicas } from './replicas.ts'
import type { TestService } from './service.ts'

const bye = 'https://app.example/bye'
const second = { ...application, id: 'second', name: 'Second' }
const keeper = { ...application, id: 'keeper', grants: ['authorization_code', 'refresh_token'] } as const
let replicas: Replicas
let service: TestService

beforeAll(async () => {
  replicas = await startReplicas({ clients: [application, second, keeper] })
  service = replicas.first
})
afterAll(() => replicas.stop())

async function signedIn(login = 'alice') {
  const browser = createBrowser({ leavesTo: [callback, bye] })
  await signIn(browser, service, login)
  return browser
}

function logoutUrl(params: Record<string, string> = {}): string {
  return `${service.issuer}/oauth2/logout?${new URLSearchParams(params).toString()}`
}

async function userinfo(token: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}` }
  return (await ask(replicas.second, '/oauth2/userinfo', { headers })).status
}

async function isSignedIn(browser: Browser): Promise<boolean> {
  return (await browser.once(`${service.issuer}/who`)).text.includes('"person"')
}

const offline = { scope: 'openid offline_access', prompt: 'consent' }

test('signing out by way of an application asks, then ends everything but what was meant to last', async () => {
  const browser = await signedIn()
  const app = await openApplication(service)
  const { access_token: token, id_token: hint = '' } = await app.signIn(browser)
  const lasting = await (await openApplication(service, keeper)).signIn(browser, offline)

  const page = await browser.open(
    logoutUrl({ id_token_hint: hint, post_logout_redirect_uri: bye, state: 's' }),
  )
  expect(page.text).toContain('The App')
  expect(await isSignedIn(browser)).toBe(true)

  const left = await browser.submit(page, { logout: 'yes' })
  expect(left.url).toBe(`${bye}?state=s`)
  expect(await isSignedIn(browser)).toBe(false)
  expect(await userinfo(token)).toBe(401)
  const refresh = { grant_type: 'refresh_token', refresh_token: lasting.refresh_token ?? '' }
  expect((await tokenRequest(service, refresh, keeper)).status).toBe(200)
})

test('signing out of one application leaves the others', async () => {
  const browser = await signedIn()
  const one = await (await openApplication(service)).signIn(browser)
  const other = await (await openApplication(service, second)).signIn(browser)
  const page = await browser.open(logoutUrl({ client_id: 'app' }))
  const done = await browser.submit(page)
  expect(done.text).toContain('The App')
  expect(await isSignedIn(browser)).toBe(true)
  expect(await userinfo(one.access_token)).toBe(401)
  expect(await userinfo(other.access_token)).toBe(200)
})

test('signing out of one application while another is opened forgets the one and keeps the other', async () => {
  const browser = await signedIn()
  await (await openApplication(service)).signIn(browser)
  const app = await openApplication(service, second)
  const page = await browser.open(logoutUrl({ client_id: 'app' }))
  const [, tokens] = await Promise.all([browser.submit(page), app.signIn(browser)])
  expect(await userinfo(tokens.access_token)).toBe(200)
  const { uid } = JSON.parse((await browser.once(`${service.issuer}/session`)).text)
  const { payload } = JSON.parse((await service.ephemeral.get(`oidc:acme:Session:${uid}`)) ?? '{}')
  expect(Object.keys(payload.authorizations)).toContain('second')
  expect(Object.keys(payload.authorizations)).not.toContain('app')
})

test('a session bound refresh token dies with the session', async () => {
  const browser = await signedIn()
  const tokens = await (await openApplication(service, keeper)).signIn(browser)
  await browser.submit(await browser.open(logoutUrl()), { logout: 'yes' })
  const refresh = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token ?? '' }
  expect((await tokenRequest(service, refresh, keeper)).body).toMatchObject({ error: 'invalid_grant' })
})

test.for(['https://evil.test/', `${bye}/more`, 'https://app.example'])(
  'after signing out nobody is sent to %s',
  async (to) => {
    const browser = await signedIn()
    const refused = await browser.once(logoutUrl({ client_id: 'app', post_logout_redirect_uri: to }))
    expect(refused.status).toBe(400)
    expect(refused.headers.get('location')).toBeNull()
  },
)

test('an address after signing out counts only with an application', async () => {
  const browser = await signedIn()
  const page = await browser.open(logoutUrl({ post_logout_redirect_uri: bye }))
  const done = await browser.submit(page, { logout: 'yes' })
  expect(new URL(done.url).pathname).toBe('/oauth2/logout/success')
})

test('the token of another person signs nobody out unasked', async () => {
  const hugo = await signedIn('hugo')
  const { id_token: hint = '' } = await (await openApplication(service)).signIn(hugo)
  const alice = await signedIn('alice')
  const page = await alice.open(logoutUrl({ id_token_hint: hint }))
  expect(page.text).toContain('<form')
  expect(await isSignedIn(alice)).toBe(true)
  const forged = await alice.submit(
    { ...page, text: page.text.replace(/value="[0-9a-f]{48}"/, 'value="0"') },
    { logout: 'yes' },
  )
  expect(forged.status).toBe(400)
  expect(await isSignedIn(alice)).toBe(true)
})

test('forged identity tokens are no hint', async () => {
  const browser = await signedIn()
  const { id_token: token = '' } = await (await openApplication(service)).signIn(browser)
  const [header = '', payload = '', signature = ''] = token.split('.')
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const known = JSON.parse(Buffer.from(header, 'base64url').toString())
  const forged = [
    `${encode({ ...known, alg: 'none' })}.${payload}.`,
    `${encode({ ...known, alg: 'HS256' })}.${payload}.${signature}`,
    `${encode({ ...known, kid: 'unknown' })}.${payload}.${signature.replace(/^./, 'A')}`,
    `${header}.${encode({ ...JSON.parse(Buffer.from(payload, 'base64url').toString()), sub: 'people.x' })}.${signature}`,
    `${encode({ ...known, jwk: { kty: 'oct', k: 'AA' } })}.${payload}.${signature}`,
    'no-token',
  ]
  for (const hint of forged) {
    const answer = await browser.once(logoutUrl({ id_token_hint: hint, post_logout_redirect_uri: bye }))
    expect.soft(answer.status, hint).toBe(400)
  }
})

test('the button of our own pages signs out at once and leaves a trace', async () => {
  const browser = await signedIn()
  const { access_token: token } = await (await openApplication(service)).signIn(browser)
  const page = await browser.open(`${service.issuer}/form`)
  const done = await browser.submit(page)
  expect(new URL(done.url).pathname).toBe('/oauth2/logout/success')
  expect(await isSignedIn(browser)).toBe(false)
  expect(await userinfo(token)).toBe(401)
  await service.audit.settled()
  const { items } = await service.audit.list('acme', { limit: 1, action: 'sign-out' })
  expect(items).toMatchObject([{ result: 'done' }])
})

test('another site signs nobody out', async () => {
  const browser = await signedIn()
  const headers = { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' }
  const answer = await browser.once(`${service.issuer}/sign-out`, {
    method: 'POST',
    headers,
    body: new URLSearchParams(),
  })
  expect(answer.status).toBe(403)
  expect(await isSignedIn(browser)).toBe(true)
})
