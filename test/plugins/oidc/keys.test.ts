import { createPublicKey, generateKeyPairSync, randomUUID, verify } from 'node:crypto'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { createSealer } from '../../../src/store/seal.ts'
import { until } from '../../support/poll.ts'
import { application, callback, openApplication, signIn } from './application.ts'
import { createBrowser } from './browser.ts'
import { startReplicas, type Replicas } from './replicas.ts'
import { defaultKey } from './service.ts'

const elliptic = { ...application, id: 'elliptic', idTokenAlgorithm: 'ES256' } as const
const jwksSchema = z.object({ keys: z.array(z.looseObject({ kid: z.string(), alg: z.string() })) })
const headerSchema = z.object({ kid: z.string(), alg: z.string() })
let replicas: Replicas

beforeAll(async () => {
  replicas = await startReplicas({ clients: [application, elliptic] })
})
afterAll(() => replicas.stop())
afterEach(() => vi.useRealTimers())

async function publicKeys() {
  const answer = await fetch(`${replicas.first.issuer}/oauth2/jwks`)
  return jwksSchema.parse(await answer.json()).keys
}

function headerOf(token: string) {
  return headerSchema.parse(JSON.parse(Buffer.from(token.split('.', 1)[0] ?? '', 'base64url').toString()))
}

/** Puts a new RSA key in front; the one that signed until now only stays to be checked with. */
async function rotate(): Promise<string> {
  const { database } = replicas.first
  const jwk = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' })
  const kid = randomUUID()
  const sealed = createSealer([defaultKey]).seal('signing-key', ['acme', kid], JSON.stringify(jwk))
  await database.execute(`update signing_keys set state = 'retired' where algorithm = 'RS256'`)
  const sql = `insert into signing_keys (tenant, kid, algorithm, state, sealed_jwk, created_at) values ('acme', $1, 'RS256', 'signing', $2, now())`
  await database.execute(sql, [kid, sealed])
  return kid
}

test('each client gets the algorithm that it asked for, signed by a published key', async () => {
  const browser = createBrowser({ leavesTo: [callback] })
  await signIn(browser, replicas.first)
  for (const client of [application, elliptic]) {
    const { id_token: token = '' } = await (await openApplication(replicas.first, client)).signIn(browser)
    const { kid, alg } = headerOf(token)
    expect(alg).toBe(client.id === 'elliptic' ? 'ES256' : 'RS256')
    const key = (await publicKeys()).find((published) => published.kid === kid)
    expect(key).not.toHaveProperty('d')
    const [head, body, signature = ''] = token.split('.')
    const dsa = alg === 'ES256' ? { dsaEncoding: 'ieee-p1363' as const } : {}
    const checked = { key: createPublicKey({ key: { ...key }, format: 'jwk' }), ...dsa }
    expect(
      verify('sha256', Buffer.from(`${head}.${body}`), checked, Buffer.from(signature, 'base64url')),
    ).toBe(true)
  }
})

test('keys change under load without a failure; what the former key signed is still a hint', async () => {
  const browser = createBrowser({ leavesTo: [callback] })
  await signIn(browser, replicas.first)
  const app = await openApplication(replicas.first)
  const { id_token: former = '' } = await app.signIn(browser)

  const kid = await rotate()
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 16_000 })
  const signed = await until(
    async () => {
      const tokens = await Promise.all(Array.from({ length: 4 }, () => app.signIn(browser)))
      return tokens.every(({ id_token: token = '' }) => headerOf(token).kid === kid) && tokens
    },
    { within: 5_000 },
  )
  expect(signed).toHaveLength(4)
  expect((await publicKeys()).map((key) => key.kid)).toEqual(
    expect.arrayContaining([kid, headerOf(former).kid]),
  )
  const logout = await browser.open(`${replicas.first.issuer}/oauth2/logout?id_token_hint=${former}`)
  expect(logout.status).toBe(200)
})
