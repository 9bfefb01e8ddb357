import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClientSecretCheck } from '../../../plugins/oidc/client-secret-check.ts'
import { createOidc } from '../../../plugins/oidc/oidc.ts'
import { hashSecret } from '../../../plugins/oidc/clients.ts'
import { clientSchema } from '../../../src/config/client-schema.ts'
import { application, callback, openApplication, signIn, tokenRequest } from './application.ts'
import { createBrowser } from './browser.ts'
import { ask, startReplicas, type Replicas } from './replicas.ts'
import type { TestService } from './service.ts'

const robot = {
  id: 'robot',
  secret: 'robot-secret-robot-secret-robot-secret',
  grants: ['client_credentials'],
  scopes: [],
  apiScopes: ['people.read', 'accounts.read'],
} as const
const reader = { ...application, id: 'reader', apiScopes: ['people.read'] } as const
const page = { id: 'page', redirectUris: [callback], consent: 'implied' } as const
let replicas: Replicas
let service: TestService

beforeAll(async () => {
  replicas = await startReplicas({ clients: [application, robot, reader, page] })
  service = replicas.first
})
afterAll(() => replicas.stop())

const credentials = (scope: string) =>
  tokenRequest(service, { grant_type: 'client_credentials', scope }, robot)

async function whoIs(token: string, replica = replicas.second) {
  const answer = await ask(replica, '/who', { headers: { authorization: `Bearer ${token}` } })
  return { ...answer, actor: answer.status === 200 ? JSON.parse(answer.body) : null }
}

async function post(
  path: string,
  form: Record<string, string>,
  { id, secret }: { id: string; secret?: string },
) {
  const headers = secret === undefined ? {} : { authorization: `Basic ${btoa(`${id}:${secret}`)}` }
  const answer = await ask(replicas.second, path, {
    method: 'POST',
    headers,
    form: { ...form, ...(!secret && { client_id: id }) },
  })
  return { status: answer.status, body: answer.body === '' ? {} : JSON.parse(answer.body) }
}

async function accessToken(client: { id: string; secret?: string }, scope: string) {
  const browser = createBrowser({ leavesTo: [callback] })
  await signIn(browser, service, 'alice')
  return (await (await openApplication(service, client)).signIn(browser, { scope })).access_token
}

test('a client acts for itself with the role and the scopes that the configuration gives it', async () => {
  const { status, body } = await credentials('people.read')
  expect(status).toBe(200)
  expect(body).toMatchObject({
    token_type: expect.stringMatching(/bearer/i),
    expires_in: 600,
    scope: 'people.read',
  })
  const { actor } = await whoIs(String(body['access_token']))
  expect(actor).toEqual({ kind: 'client', client: 'robot', roles: ['agent'], scopes: ['people.read'] })
})

test('a client gets no scope that is not its own, and no grant', async () => {
  expect((await credentials('audit.read')).body).toMatchObject({ error: 'invalid_scope' })
  const grant = { grant_type: 'client_credentials', scope: 'openid' }
  expect((await tokenRequest(service, grant, application)).status).toBe(400)
})

test('a person’s token carries the person, limited to its scopes', async () => {
  const { actor } = await whoIs(await accessToken(reader, 'openid people.read'))
  expect(actor).toEqual({ kind: 'person', login: 'alice', roles: [], scopes: ['people.read'] })
})

test.for(['Bearer wrong', 'Bearer', 'Basic YTpi', 'Bearer a b', 'bearer '])(
  'the header %j is refused, never anonymous',
  async (authorization) => {
    const { status, headers } = await ask(service, '/who', { headers: { authorization } })
    expect(status).toBe(401)
    expect(headers['www-authenticate']).toContain('Bearer')
  },
)

test('the cookie of a browser does not stand in for a bad token', async () => {
  const browser = createBrowser()
  await signIn(browser, service, 'alice')
  const answer = await browser.once(`${service.issuer}/who`, {
    headers: { authorization: 'Bearer wrong', accept: 'application/json' },
  })
  expect(answer.status).toBe(401)
})

test('a revoked token is dead at every replica, and so is what else its grant gave', async () => {
  const browser = createBrowser({ leavesTo: [callback] })
  await signIn(browser, service, 'alice')
  const app = await openApplication(service, reader)
  const scope = 'openid people.read'
  const [{ access_token: token }, { access_token: sibling }] = [
    await app.signIn(browser, { scope }),
    await app.signIn(browser, { scope }),
  ]
  expect((await whoIs(sibling)).status).toBe(200)
  expect((await post('/oauth2/revoke', { token }, reader)).status).toBe(200)
  for (const each of [token, sibling]) {
    expect((await whoIs(each, replicas.first)).status).toBe(401)
    expect((await whoIs(each, replicas.second)).status).toBe(401)
  }
})

test('nobody revokes the token of another client', async () => {
  const token = await accessToken(reader, 'openid people.read')
  await post('/oauth2/revoke', { token }, application)
  expect((await whoIs(token)).status).toBe(200)
})

test('a client looks into its own tokens, and no others', async () => {
  const token = await accessToken(reader, 'openid people.read')
  expect((await post('/oauth2/introspect', { token }, reader)).body).toMatchObject({
    active: true,
    client_id: 'reader',
  })
  expect((await post('/oauth2/introspect', { token }, application)).body).toEqual({ active: false })
  expect((await post('/oauth2/introspect', { token: 'unknown' }, reader)).body).toEqual({ active: false })
  const ofPage = await accessToken(page, 'openid')
  expect((await post('/oauth2/introspect', { token: ofPage }, page)).body).toEqual({ active: false })
})

test('what a client keeps of its secret in memory is no secret', async () => {
  const client = await (await service.oidc.running(service.tenant)).provider.Client.find('robot')
  expect(JSON.stringify(client)).not.toContain(robot.secret)
})

test('wrong secrets of a client from one address are refused after twenty, at all replicas; others go on', async () => {
  const wrong = { id: 'reader', secret: 'wrong' }
  const grant = { grant_type: 'refresh_token', refresh_token: 'x' }
  for (let guess = 0; guess < 19; guess++) {
    expect((await tokenRequest(service, grant, wrong)).body).toMatchObject({ error: 'invalid_client' })
  }
  const over = await tokenRequest(service, grant, wrong)
  expect(over.status).toBe(429)
  expect(Number(over.headers.get('retry-after'))).toBeGreaterThan(0)
  // The right secret too: a guess must not learn that it was right.
  expect((await tokenRequest(service, grant, reader)).status).toBe(429)
  expect((await post('/oauth2/token', grant, wrong)).status).toBe(429)
  expect((await credentials('people.read')).status).toBe(200)
})

test('another address may still prove the client', async () => {
  const check = createClientSecretCheck('acme', service.ephemeral)
  const stored = hashSecret('right')
  for (let guess = 0; guess < 25; guess++)
    await check('guarded', stored, 'wrong', '192.0.2.1').catch(() => false)
  await expect(check('guarded', stored, 'right', '192.0.2.1')).rejects.toThrow('temporarily_unavailable')
  await expect(check('guarded', stored, 'right', '192.0.2.2')).resolves.toBe(true)
})

test('a client that the library refuses fails the start, by its name', async () => {
  const faulty = clientSchema.parse({
    ...application,
    id: 'faulty',
    redirectUris: ['https://app.example/signed-in#part'],
  })
  const tenant = { ...service.tenant, config: { ...service.tenant.config, clients: [faulty] } }
  await expect(createOidc([tenant], service.oidcServices).running(tenant)).rejects.toThrow(
    /client faulty: redirect_uris/,
  )
})
