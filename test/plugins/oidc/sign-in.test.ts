import { afterAll, beforeAll, expect, test } from 'vitest'
import { modify } from './directory-change.ts'
import { application, callback, openApplication, signIn } from './application.ts'
import { createBrowser, formRequest, type Answer } from './browser.ts'
import { startReplicas, type Replicas } from './replicas.ts'
import type { TestService } from './service.ts'

let replicas: Replicas
let service: TestService

beforeAll(async () => {
  replicas = await startReplicas({ clients: [application], signIn: { maxFailuresPerAccount: 3 } })
  service = replicas.first
})
afterAll(() => replicas.stop())

const newBrowser = () => createBrowser({ leavesTo: [callback] })

async function signInPage(browser = newBrowser()) {
  return { browser, page: await browser.open(`${service.issuer}/sign-in?to=/who`) }
}

/** A page without what is made anew each time. */
function bodyOf({ text }: Answer): string {
  return text.replaceAll(/value="[^"]*"|[\w-]{43}/g, '')
}

test('an unknown login and a wrong password are refused in the same words', async () => {
  const { browser, page } = await signInPage()
  const wrong = await browser.submit(page, { login: 'elefevre', password: 'wrong' })
  const unknown = await browser.submit(page, { login: 'nobody', password: 'wrong' })
  expect([wrong.status, unknown.status]).toEqual([422, 422])
  expect(bodyOf(wrong)).toBe(bodyOf(unknown))
  expect(wrong.text).toContain('The login or the password is wrong')
})

test.for([
  ['*', 'pw-alice'],
  ['*)(uid=*', 'pw-alice'],
  ['alice)(objectClass=*', 'pw-alice'],
  ['alice\0', 'pw-alice'],
  ['uid=alice,ou=people,dc=example,dc=org', 'pw-alice'],
  ['alice', ''],
  ['', ''],
] as const)('login %j with password %j is refused', async ([login, password]) => {
  const { browser, page } = await signInPage()
  const answer = await browser.submit(page, { login, password })
  expect([400, 422, 429]).toContain(answer.status)
  expect(browser.cookie('session')).toBeUndefined()
})

test('after three wrong passwords an account is refused for a while, at all replicas, and others are not', async () => {
  const { browser, page } = await signInPage()
  for (let guess = 0; guess < 3; guess++) {
    expect((await browser.submit(page, { login: 'hugo', password: `guess-${guess}` })).status).toBe(422)
  }
  const right = await browser.submit(page, { login: 'hugo', password: 'pw-hugo' })
  expect(right.status).toBe(429)
  expect(Number(right.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(right.text).toContain('<form')
  const other = await browser.submit(page, { login: 'ada', password: 'pw-ada' })
  expect(other.text).toContain('"login":"ada"')
})

test('a form without the cookie of its sign-in is refused', async () => {
  const { browser, page } = await signInPage()
  for (const key of browser.cookies.keys()) if (key.startsWith('interaction')) browser.cookies.delete(key)
  const answer = await browser.submit(page, { login: 'alice', password: 'pw-alice' })
  expect(answer.status).toBe(400)
  expect(browser.cookie('session')).toBeUndefined()
})

test('nobody is signed in by a form of another browser’s sign-in', async () => {
  const attacker = await signInPage()
  const victim = await signInPage()
  const [action] = formRequest(attacker.page, {})
  const [, init] = formRequest(victim.page, { login: 'hugo', password: 'pw-hugo' })
  expect((await victim.browser.open(action, init)).status).toBe(400)
  // A browser keeps the cookie to its path. Should one not, the cookie is still no key to another sign-in.
  for (const name of ['interaction', 'interaction.sig']) {
    const { value = '' } = victim.browser.cookie(name) ?? {}
    victim.browser.cookies.set(`${name} /`, { value, path: '/', line: '' })
  }
  expect((await victim.browser.open(action, init)).status).toBe(400)
  expect(victim.browser.cookie('session')).toBeUndefined()
})

test('another site signs nobody in', async () => {
  const { browser, page } = await signInPage()
  const [url, init] = formRequest(page, { login: 'alice', password: 'pw-alice' })
  const foreign = { ...init, headers: { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' } }
  expect((await browser.once(url, foreign)).status).toBe(403)
  const withoutToken = { ...init, body: new URLSearchParams({ login: 'alice', password: 'pw-alice' }) }
  expect((await browser.once(url, withoutToken)).status).toBe(403)
})

test.for([
  ['/people?q=%C3%A9lo', '/people?q=%C3%A9lo'],
  ['//evil.test/x', '/'],
  ['/\\evil.test', '/'],
  ['https://evil.test/', '/'],
  ['/x/..//evil.test', '/'],
  ['javascript:alert(1)', '/'],
])(
  'after the sign-in people come back to where they were, never elsewhere: %s',
  async ([to = '', end = '']) => {
    const browser = createBrowser({ leavesTo: [callback] })
    await signIn(browser, service, 'elefevre')
    const answer = await browser.open(`${service.issuer}/sign-in?to=${encodeURIComponent(to)}`)
    expect(answer.url).toBe(service.issuer + end)
  },
)

test('a return address that we did not write leads to the start page', async () => {
  const answer = await newBrowser().once(`${service.issuer}/signed-in?state=forged`)
  expect(answer.headers.get('location')).toBe('/')
})

test('who must change their password does so within the sign-in, and goes on to the application', async () => {
  await modify(replicas.slapd, 'jndherve', 'replace: pwdReset\npwdReset: TRUE')
  const app = await openApplication(service)
  const browser = newBrowser()
  const flow = await app.start()
  const page = await browser.open(flow.url)
  const change = await browser.submit(page, { login: 'jndherve', password: 'pw-jndherve' })
  expect(change.text).toContain('Choose a new password')
  expect(browser.cookie('session')).toBeUndefined()

  const weak = await browser.submit(change, { old: 'pw-jndherve', password: 'short' })
  expect(weak.status).toBe(422)
  const wrong = await browser.submit(weak, { old: 'wrong', password: 'a long enough sentence' })
  expect(wrong.status).toBe(422)
  const done = await browser.submit(wrong, { old: 'pw-jndherve', password: 'a long enough sentence' })
  expect((await app.redeem(done, flow)).claims()?.sub).toMatch(/^people\./)
})

test('the change of a password cannot be skipped, nor reached without the old one', async () => {
  await modify(replicas.slapd, 'tlnguyen', 'replace: pwdReset\npwdReset: TRUE')
  const app = await openApplication(service)
  const browser = newBrowser()
  const { url } = await app.start()
  const page = await browser.open(url)
  const direct = page.url.replace(service.issuer, '')
  const [, init] = formRequest(page, { old: 'pw-tlnguyen', password: 'a long enough sentence' })
  expect((await browser.once(`${service.issuer}${direct}/password`, init)).status).toBe(400)

  await browser.submit(page, { login: 'tlnguyen', password: 'pw-tlnguyen' })
  const resumed = await browser.open(page.url.replace('/sign-in/', '/oauth2/authorize/'))
  expect(resumed.url).not.toContain('code=')
  expect(new URL(resumed.url).pathname).toMatch(/^\/sign-in\//)
})

test('secrets are in no log line', async () => {
  const app = await openApplication(service)
  const browser = newBrowser()
  const { access_token: token } = await (async () => {
    await signIn(browser, service, 'zoeuvrard')
    return await app.signIn(browser)
  })()
  const session = browser.cookie('session')?.value ?? ''
  const logged = service.lines.join('\n')
  for (const secret of [token, session, application.secret, 'pw-zoeuvrard'])
    expect(logged).not.toContain(secret)
  expect(logged).not.toMatch(/code=|state=/)
})
