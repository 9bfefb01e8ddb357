import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { createArtefacts } from '../../../plugins/oidc/artefacts/artefacts.ts'
import { newGrantId } from '../../../plugins/oidc/artefacts/grants.ts'
import { application, callback, openApplication, signIn, tokenRequest } from './application.ts'
import { createBrowser } from './browser.ts'
import { ask, redeemAt, startReplicas, type Replicas } from './replicas.ts'

const other = { ...application, id: 'other', redirectUris: [callback, 'https://other.example/cb'] }
const keeper = { ...application, id: 'keeper', grants: ['authorization_code', 'refresh_token'] } as const
let replicas: Replicas

beforeAll(async () => {
  replicas = await startReplicas({ clients: [application, other, keeper] })
})
afterAll(() => replicas.stop())
afterEach(() => vi.useRealTimers())

async function signedIn() {
  const browser = createBrowser({ leavesTo: [callback] })
  await signIn(browser, replicas.first)
  return browser
}

/** A code that was sent to the application, and what it needs to redeem it. */
async function newCode(client: { id: string; secret: string } = application) {
  const app = await openApplication(replicas.first, client)
  const flow = await app.start()
  const answer = await (await signedIn()).open(flow.url)
  const code = new URL(answer.url).searchParams.get('code') ?? ''
  return { grant_type: 'authorization_code', code, redirect_uri: callback, code_verifier: flow.verifier }
}

async function refreshToken(extra: Record<string, string> = {}) {
  const app = await openApplication(replicas.first, keeper)
  const tokens = await app.signIn(await signedIn(), extra)
  return { token: tokens.refresh_token ?? '', access: tokens.access_token, sub: tokens.claims()?.sub ?? '' }
}

/** Twenty uses at once, in turn at each replica. */
function atOnce(form: Record<string, string>, client: { id: string; secret: string }) {
  const { first, second } = replicas
  return Promise.all(
    Array.from({ length: 20 }, (_, index) => redeemAt(index % 2 ? first : second, form, client)),
  )
}

async function userinfo(token: unknown): Promise<number> {
  const headers = { authorization: `Bearer ${String(token)}` }
  return (await ask(replicas.second, '/oauth2/userinfo', { headers })).status
}

async function audited(action: 'token.code-reuse' | 'token.refresh-reuse'): Promise<unknown[]> {
  await replicas.first.audit.settled()
  await replicas.second.audit.settled()
  return (await replicas.first.audit.list('acme', { limit: 100, action })).items
}

test('of twenty uses of one code at two replicas one succeeds, and the grant is dead', async () => {
  const answers = await atOnce(await newCode(), application)
  const won = answers.filter(({ status }) => status === 200)
  expect(won).toHaveLength(1)
  expect(answers.filter(({ body }) => body['error'] === 'invalid_grant')).toHaveLength(19)
  expect(await userinfo(won[0]?.body['access_token'])).toBe(401)
  expect(await audited('token.code-reuse')).toContainEqual(
    expect.objectContaining({
      client: 'app',
      result: 'refused',
      target: expect.objectContaining({ kind: 'person' }),
    }),
  )
})

test('a code used again later kills what it gave', async () => {
  const form = await newCode()
  const first = await tokenRequest(replicas.first, form)
  expect(await userinfo(first.body['access_token'])).toBe(200)
  expect((await redeemAt(replicas.second, form, application)).body).toMatchObject({ error: 'invalid_grant' })
  expect(await userinfo(first.body['access_token'])).toBe(401)
})

test.for([
  ['another client', {}, other],
  ['another registered address', { redirect_uri: 'https://other.example/cb' }, application],
  ['no verifier', { code_verifier: '' }, application],
  ['a wrong verifier', { code_verifier: 'x'.repeat(43) }, application],
] as const)('a code is good only as it was asked for: %s', async ([, change, client]) => {
  const form = await newCode()
  const refused = await tokenRequest(replicas.first, { ...form, ...change }, client)
  expect(refused.body).toMatchObject({ error: 'invalid_grant' })
})

test('a code lives sixty seconds', async () => {
  const form = await newCode()
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 })
  expect((await tokenRequest(replicas.first, form)).body).toMatchObject({ error: 'invalid_grant' })
})

test('of twenty uses of one refresh token at two replicas one succeeds, and the family is dead', async () => {
  const { token } = await refreshToken({ scope: 'openid offline_access', prompt: 'consent' })
  const answers = await atOnce({ grant_type: 'refresh_token', refresh_token: token }, keeper)
  const won = answers.filter(({ status }) => status === 200)
  expect(won).toHaveLength(1)
  expect(await userinfo(won[0]?.body['access_token'])).toBe(401)
  const next = { grant_type: 'refresh_token', refresh_token: String(won[0]?.body['refresh_token']) }
  expect((await redeemAt(replicas.second, next, keeper)).body).toMatchObject({ error: 'invalid_grant' })
  expect((await audited('token.refresh-reuse')).length).toBeGreaterThan(0)
})

test('a refresh token that was used before ends the family at all replicas', async () => {
  const { token } = await refreshToken()
  const app = await openApplication(replicas.first, keeper)
  const second = await app.refresh(token)
  expect(second.refresh_token).not.toBe(token)
  const reuse = { grant_type: 'refresh_token', refresh_token: token }
  expect((await redeemAt(replicas.second, reuse, keeper)).body).toMatchObject({ error: 'invalid_grant' })
  const next = { grant_type: 'refresh_token', refresh_token: second.refresh_token ?? '' }
  expect((await redeemAt(replicas.first, next, keeper)).body).toMatchObject({ error: 'invalid_grant' })
  expect(await userinfo(second.access_token)).toBe(401)
})

test('a grant of a session that is allowed to last lasts, from then on', async () => {
  const browser = await signedIn()
  const app = await openApplication(replicas.first, keeper)
  await app.signIn(browser)
  const { refresh_token: token = '' } = await app.signIn(browser, {
    scope: 'openid offline_access',
    prompt: 'consent',
  })
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 13 * 86_400_000 })
  const later = { grant_type: 'refresh_token', refresh_token: token }
  expect((await tokenRequest(replicas.first, later, keeper)).status).toBe(200)
})

test('a refresh token that nobody used for fourteen days is dead', async () => {
  const { token } = await refreshToken({ scope: 'openid offline_access', prompt: 'consent' })
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 14 * 86_400_000 + 1_000 })
  const late = await tokenRequest(
    replicas.first,
    { grant_type: 'refresh_token', refresh_token: token },
    keeper,
  )
  expect(late.body).toMatchObject({ error: 'invalid_grant' })
})

test('a family of refresh tokens ends after ninety days, however often it is used', async () => {
  let { token } = await refreshToken({ scope: 'openid offline_access', prompt: 'consent' })
  const start = Date.now()
  for (const day of [13, 26, 39, 52, 65, 78]) {
    vi.useFakeTimers({ toFake: ['Date'], now: start + day * 86_400_000 })
    const answer = await tokenRequest(
      replicas.first,
      { grant_type: 'refresh_token', refresh_token: token },
      keeper,
    )
    expect(answer.status).toBe(200)
    token = String(answer.body['refresh_token'])
  }
  vi.useFakeTimers({ toFake: ['Date'], now: start + 90 * 86_400_000 + 1_000 })
  const late = await tokenRequest(
    replicas.first,
    { grant_type: 'refresh_token', refresh_token: token },
    keeper,
  )
  expect(late.body).toMatchObject({ error: 'invalid_grant' })
})

/** The stores of both replicas, as the library sees them. */
function artefactsOfBoth() {
  return [replicas.first, replicas.second].map(({ tenant, ephemeral: store, database }) =>
    createArtefacts(tenant, { store, database, clock: () => new Date() }),
  )
}

test.for(['AuthorizationCode', 'RefreshToken'])(
  'of two that both saw the %s unused, the second is refused and ends the grant',
  async (kind) => {
    const [one, another] = artefactsOfBoth()
    const grantId = newGrantId({ durable: kind === 'RefreshToken' })
    const about = { accountId: 'people.x', clientId: 'app', exp: Math.floor(Date.now() / 1000) + 60 }
    await one?.grants.upsert(grantId, about, 60)
    const id = `${kind}-of-a-race`
    await one?.adapter(kind).upsert(id, { ...about, grantId }, 60)
    expect(await one?.adapter(kind).find(id)).toMatchObject({ grantId })
    expect(await another?.adapter(kind).find(id)).not.toHaveProperty('consumed')

    await one?.adapter(kind).consume(id)
    await expect(another?.adapter(kind).consume(id)).rejects.toThrow('invalid_grant')
    expect(await one?.grants.find(grantId)).toBeUndefined()
  },
)

test('an assertion is taken once, by two replicas together', async () => {
  const adapters = artefactsOfBoth().map(({ adapter }) => adapter('ReplayDetection'))
  const uses = adapters.flatMap((adapter) =>
    Array.from({ length: 10 }, () => adapter.upsert('assertion', {}, 60)),
  )
  const taken = await Promise.allSettled(uses)
  expect(taken.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
})
