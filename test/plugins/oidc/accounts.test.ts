import { afterAll, beforeAll, expect, test } from 'vitest'
import { asRoot, ldapTool } from '../../support/ldap-tools.ts'
import { until } from '../../support/poll.ts'
import { application, callback, openApplication, signIn, tokenRequest } from './application.ts'
import { createBrowser } from './browser.ts'
import { modify } from './directory-change.ts'
import { ask, startReplicas, type Replicas } from './replicas.ts'
import type { TestService } from './service.ts'

const keeper = {
  ...application,
  id: 'keeper',
  apiScopes: ['people.read'],
  grants: ['authorization_code', 'refresh_token'],
} as const
/** What a replica may go on by: three seconds. */
const stale = { within: 5_000, every: 50 }
/** On a machine that does much else the first sign-in may be told to come back later. */
const busy = { retry: 2 }
let replicas: Replicas
let service: TestService

beforeAll(async () => {
  replicas = await startReplicas({ clients: [application, keeper] })
  service = replicas.first
})
afterAll(() => replicas.stop())

/** A person with a browser, a token bound to its session, and a refresh token that outlives it. */
async function present(login: string) {
  const browser = createBrowser({ leavesTo: [callback] })
  await signIn(browser, service, login)
  const bound = await (await openApplication(service)).signIn(browser)
  const offline = { scope: 'openid offline_access people.read', prompt: 'consent' }
  const lasting = await (await openApplication(service, keeper)).signIn(browser, offline)
  return {
    browser,
    bound: bound.access_token,
    lasting: lasting.access_token,
    refresh: lasting.refresh_token ?? '',
    sub: bound.claims()?.sub ?? '',
  }
}

async function statusOf(path: string, token: string): Promise<number> {
  return (await ask(replicas.second, path, { headers: { authorization: `Bearer ${token}` } })).status
}

const refreshed = (token: string) =>
  tokenRequest(service, { grant_type: 'refresh_token', refresh_token: token }, keeper)

/** Waits until nothing of the person's is good any more; tells what was told last. */
async function out({ browser, bound, lasting, refresh }: Awaited<ReturnType<typeof present>>) {
  const who = await until(async () => {
    const { text } = await browser.once(`${service.issuer}/who`)
    return text.includes('anonymous') && text
  }, stale)
  await until(async () => (await statusOf('/oauth2/userinfo', bound)) === 401, stale)
  await until(async () => (await statusOf('/who', lasting)) === 401, stale)
  const { url } = await (await openApplication(service)).start({ prompt: 'none' })
  const { error } = (await refreshed(refresh)).body
  return { who, refresh: error, authorize: new URL((await browser.open(url)).url).searchParams.get('error') }
}

const isOut = { who: '{"kind":"anonymous"}', refresh: 'invalid_grant', authorize: 'login_required' }

test('who is disabled in the directory is out of everything within five seconds', busy, async () => {
  const alice = await present('alice')
  await modify(replicas.slapd, 'alice', 'replace: pwdStartTime\npwdStartTime: 20991231235959Z')
  expect(await out(alice)).toEqual(isOut)
})

test('who is removed from the directory is out of everything within five seconds', busy, async () => {
  const gone = await present('tlnguyen')
  const dn = `uid=tlnguyen,ou=people,${replicas.slapd.suffix}`
  await ldapTool('ldapdelete', asRoot(replicas.slapd), [dn])
  expect(await out(gone)).toEqual(isOut)
})

test('a lock that anybody can cause by guessing ends no session', async () => {
  const { browser, bound } = await present('jndherve')
  await modify(
    replicas.slapd,
    'jndherve',
    `replace: pwdAccountLockedTime\npwdAccountLockedTime: ${generalized(new Date())}`,
  )
  // The second replica has not looked at the account yet.
  const cookie = [...browser.cookies].map(([key, { value }]) => `${key.split(' ')[0]}=${value}`).join('; ')
  expect((await ask(replicas.second, '/who', { headers: { cookie } })).body).toContain('jndherve')
  expect(await statusOf('/oauth2/userinfo', bound)).toBe(200)
})

test('ending all sessions of a person ends them at all replicas, but for the one that asked', async () => {
  const [here, there] = [await present('elefevre'), await present('elefevre')]
  const { uid } = JSON.parse((await here.browser.once(`${service.issuer}/session`)).text)
  await replicas.second.oidc.sessions.endAll(service.tenant, here.sub, uid)
  expect((await here.browser.once(`${service.issuer}/who`)).text).toContain('elefevre')
  expect(await statusOf('/oauth2/userinfo', here.bound)).toBe(200)
  expect((await refreshed(here.refresh)).status).toBe(200)

  expect((await there.browser.once(`${service.issuer}/who`)).text).toContain('anonymous')
  expect(await statusOf('/oauth2/userinfo', there.bound)).toBe(401)
  expect(await statusOf('/who', there.lasting)).toBe(401)
  expect((await refreshed(there.refresh)).body).toMatchObject({ error: 'invalid_grant' })
})

test('a password that was proven before all sessions were ended opens none afterwards', async () => {
  const { sub } = await present('zoeuvrard')
  const browser = createBrowser({ leavesTo: [callback] })
  const page = await browser.open(`${service.issuer}/sign-in?to=/who`)
  const proven = await browser.send(page, { login: 'zoeuvrard', password: 'pw-zoeuvrard' })
  const provenAt = Date.now()
  await until(() => Date.now() > provenAt, { within: 100, every: 1 })
  await service.oidc.sessions.endAll(service.tenant, sub)
  await browser.open(proven.headers.get('location') ?? '')
  expect((await browser.once(`${service.issuer}/who`)).text).toContain('anonymous')
})

function generalized(date: Date): string {
  return date.toISOString().replace(/[-:T]|\.\d+/g, '')
}
