import { hash } from 'node:crypto'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { createCookieSigner, readSignedCookie } from '../../../plugins/oidc/cookies.ts'
import { createSealer } from '../../../src/store/seal.ts'
import { application, callback, openApplication, signIn } from './application.ts'
import { createBrowser, type Browser } from './browser.ts'
import { ask, startReplicas, type Replicas } from './replicas.ts'
import { defaultKey, startService, type TestService } from './service.ts'

const idle = 1_800
const absolute = 43_200
const apps = Array.from({ length: 10 }, (_, index) => ({ ...application, id: `app-${index}` }))
let replicas: Replicas
let service: TestService

beforeAll(async () => {
  replicas = await startReplicas({ clients: [application, ...apps] })
  service = replicas.first
})
afterAll(() => replicas.stop())
afterEach(() => vi.useRealTimers())

const newBrowser = () => createBrowser({ leavesTo: [callback] })

async function signedIn(login = 'alice') {
  const browser = newBrowser()
  await signIn(browser, service, login)
  return browser
}

async function who(browser: Browser): Promise<string> {
  return (await browser.once(`${service.issuer}/who`)).text
}

function later(seconds: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000 })
}

test('ten applications opened at once by one signed-in browser all get in', async () => {
  const browser = await signedIn()
  const clients = await Promise.all(apps.map((app) => openApplication(service, app)))
  const tokens = await Promise.all(clients.map((app) => app.signIn(browser)))
  const answers = await Promise.all(tokens.map(({ access_token: token }) => userinfo(token)))
  expect(answers).toEqual(apps.map(() => 200))
})

async function userinfo(token: string): Promise<number> {
  const answer = await ask(replicas.second, '/oauth2/userinfo', {
    headers: { authorization: `Bearer ${token}` },
  })
  return answer.status
}

test('one application opened twice at once by a browser gets in twice', async () => {
  const browser = await signedIn()
  const app = await openApplication(service)
  const tokens = await Promise.all([app.signIn(browser), app.signIn(browser)])
  expect(await Promise.all(tokens.map(({ access_token: token }) => userinfo(token)))).toEqual([200, 200])
})

test('signing in again gives the browser another cookie, and the former one opens nothing', async () => {
  const browser = await signedIn()
  const before = new Map(browser.cookies)
  const app = await openApplication(service)
  const { url } = await app.start({ prompt: 'login' })
  await browser.submit(await browser.open(url), { login: 'alice', password: 'pw-alice' })
  expect(browser.cookie('session')?.value).not.toBe(before.get('session /')?.value)
  expect(await who(browser)).toContain('alice')

  const thief = newBrowser()
  for (const [key, cookie] of before) thief.cookies.set(key, cookie)
  expect(await who(thief)).toContain('anonymous')
})

test('a cookie that somebody planted is not taken up', async () => {
  const browser = newBrowser()
  const page = await browser.open(`${service.issuer}/sign-in`)
  const planted = { value: 'p'.repeat(43), path: '/', line: '' }
  browser.cookies.set('session /', planted)
  browser.cookies.set('session.sig /', { ...planted, value: 'forged' })
  await browser.submit(page, { login: 'alice', password: 'pw-alice' })
  expect(browser.cookie('session')?.value).not.toBe(planted.value)
  expect(await who(browser)).toContain('alice')
})

test('a request that was on its way when the cookie changed still finds its session', async () => {
  const asking = { ...application, id: 'app-0' }
  const browser = await signedIn()
  const former = new Map(browser.cookies)
  const app = await openApplication(service, asking)
  const { url } = await app.start({ prompt: 'consent' })
  await browser.submit(await browser.open(url), { answer: 'allow' })
  expect(browser.cookie('session')?.value).not.toBe(former.get('session /')?.value)

  const late = newBrowser()
  for (const [key, cookie] of former) late.cookies.set(key, cookie)
  expect(await who(late)).toContain('alice')
  later(11)
  expect(await who(late)).toContain('anonymous')
  expect(await who(browser)).toContain('alice')
})

test('cookies are for this site and the server alone, and signed', async () => {
  const browser = await signedIn()
  for (const { line } of browser.cookies.values())
    expect.soft(line).toMatch(/(?=.*httponly)(?=.*samesite=lax)/i)
  // The right value with a signature that is not ours opens nothing.
  const signature = browser.cookie('session.sig')?.value ?? ''
  browser.cookies.set('session.sig /', { value: `x${signature.slice(1)}`, path: '/', line: '' })
  expect(await who(browser)).toContain('anonymous')
  browser.cookies.delete('session.sig /')
  expect(await who(browser)).toContain('anonymous')
})

test('over https, names and flags of cookies keep them there', async () => {
  const https = await startService({ ...replicas.options, issuer: 'https://id.example.org' })
  try {
    const started = await ask(
      https,
      '/oauth2/authorize?client_id=portal&response_type=none&scope=openid&redirect_uri=https://id.example.org/signed-in',
    )
    const lines = [started.headers['set-cookie'] ?? []].flat()
    expect(lines).toHaveLength(4)
    for (const line of lines)
      expect(line).toMatch(/^__Secure-(?=.*; secure)(?=.*; httponly)(?=.*; samesite=lax)/)
    expect(https.oidc.sessionCookie(https.issuer)).toBe('__Host-session')
  } finally {
    await https.stop()
  }
})

test('a new cookie key takes over without signing anybody out; a dropped one opens nothing', async () => {
  const browser = await signedIn()
  const newKey = hash('sha256', 'another key', 'hex')
  const rotated = await startService({ ...replicas.options, keys: [newKey, defaultKey] })
  const signer = createCookieSigner(createSealer([newKey]).keys('cookie'))
  try {
    const cookie = [...browser.cookies].map(([key, { value }]) => `${key.split(' ')[0]}=${value}`).join('; ')
    expect((await ask(rotated, '/who', { headers: { cookie } })).body).toContain('alice')
    expect(readSignedCookie(cookie, 'session', signer)).toBeUndefined()
    const { url } = await (await openApplication(service)).start()
    const renewed = await ask(rotated, url.slice(service.issuer.length), { headers: { cookie } })
    expect([renewed.headers['set-cookie'] ?? []].flat().join()).toContain('session.sig=')
  } finally {
    await rotated.stop()
  }
})

test('a session ends when it was not used for half an hour', async () => {
  const browser = await signedIn()
  later(idle - 5)
  expect(await who(browser)).toContain('alice')
  later(idle - 5)
  expect(await who(browser)).toContain('alice')
  later(idle + 1)
  expect(await who(browser)).toContain('anonymous')
})

test('a session in use ends after twelve hours all the same', async () => {
  const browser = await signedIn()
  for (let passed = 0; passed + 1_500 < absolute; passed += 1_500) {
    later(1_500)
    expect(await who(browser)).toContain('alice')
  }
  later(1_500)
  expect(await who(browser)).toContain('anonymous')
  const { url } = await (await openApplication(service)).start({ prompt: 'none' })
  expect((await browser.open(url)).url).toContain('error=login_required')
})

test('an application that wants a fresh sign-in gets one', async () => {
  const browser = await signedIn()
  later(5)
  const app = await openApplication(service)
  const flow = await app.start({ max_age: '2' })
  const page = await browser.open(flow.url)
  expect(new URL(page.url).pathname).toMatch(/^\/sign-in\//)
  const tokens = await app.redeem(await browser.submit(page, { login: 'alice', password: 'pw-alice' }), flow)
  expect(tokens.claims()?.auth_time).toBe(Math.floor(Date.now() / 1000))
})

test('prompt=none never shows a page', async () => {
  const app = await openApplication(service)
  const { url } = await app.start({ prompt: 'none' })
  expect((await newBrowser().open(url)).url).toContain('error=login_required')
  expect((await (await signedIn()).open(url)).url).toContain('code=')
})

test('signing in as somebody else ends the session that was there', async () => {
  const browser = await signedIn('alice')
  const app = await openApplication(service)
  const { access_token: token } = await app.signIn(browser)
  const { url } = await app.start({ prompt: 'login' })
  await browser.submit(await browser.open(url), { login: 'hugo', password: 'pw-hugo' })
  expect(await who(browser)).toContain('hugo')
  expect(await userinfo(token)).toBe(401)
})
