import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../../support/poll.ts'
import { startRedis, type RedisServer } from '../../support/redis.ts'
import { application, callback, openApplication, signIn, tokenRequest } from './application.ts'
import { createBrowser } from './browser.ts'
import { startReplicas, type Replicas } from './replicas.ts'
import type { TestService } from './service.ts'

let redis: RedisServer
let replicas: Replicas
let service: TestService

beforeAll(async () => {
  redis = await startRedis()
  replicas = await startReplicas({ clients: [application], redisUrl: redis.url })
  service = replicas.first
})
afterAll(async () => {
  await replicas.stop()
  await redis.stop()
})

const newBrowser = () => createBrowser({ leavesTo: [callback] })

async function refusesAll() {
  const browser = newBrowser()
  const { url } = await (await openApplication(service)).start()
  const answers = [
    await browser.once(url),
    await browser.once(`${service.issuer}/oauth2/userinfo`, {
      headers: { authorization: 'Bearer x', accept: 'application/json' },
    }),
    await browser.once(`${service.issuer}/who`, {
      headers: { authorization: 'Bearer x', accept: 'application/json' },
    }),
  ]
  const token = await tokenRequest(service, {
    grant_type: 'authorization_code',
    code: 'x',
    redirect_uri: callback,
    code_verifier: 'x'.repeat(43),
  })
  for (const { status, headers } of [...answers, token]) {
    expect.soft(status).toBe(503)
    expect.soft(Number(headers.get('retry-after'))).toBeGreaterThan(0)
  }
}

test('without Redis nobody is let in, and everything answers 503 until it is back, without a restart', async () => {
  const browser = newBrowser()
  const page = await browser.open(`${service.issuer}/sign-in`)
  await redis.kill()
  expect((await browser.submit(page, { login: 'alice', password: 'pw-alice' })).status).toBe(503)
  await refusesAll()
  const documents = await fetch(`${service.issuer}/oauth2/jwks`)
  expect(documents.status).toBe(200)

  await redis.restart()
  const back = await until(
    async () => {
      const answer = await signIn(newBrowser(), service)
      return answer.text.includes('alice') && answer
    },
    { within: 5_000, every: 20 },
  )
  expect(back.status).toBe(200)
})

test('a Redis that hangs is one that is down', async () => {
  const browser = newBrowser()
  const page = await browser.open(`${service.issuer}/sign-in`)
  await redis.pause()
  const started = performance.now()
  expect((await browser.submit(page, { login: 'alice', password: 'pw-alice' })).status).toBe(503)
  expect(performance.now() - started).toBeLessThan(2_500)
  redis.resume()
  await until(async () => (await signIn(newBrowser(), service)).text.includes('alice'), {
    within: 5_000,
    every: 20,
  })
})

test('without the directory no password is called wrong, and who is signed in stays so', async () => {
  const signedIn = newBrowser()
  await signIn(signedIn, service, 'hugo')
  const app = await openApplication(service)
  const tokens = await app.signIn(signedIn)
  const browser = newBrowser()
  const form = await browser.open(`${service.issuer}/sign-in`)
  const readAt = performance.now()
  await replicas.slapd.kill()

  const answer = await browser.submit(form, { login: 'alice', password: 'pw-alice' })
  expect(answer.status).toBe(503)
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(answer.text).not.toContain('password is wrong')
  // Beyond the time in which nothing is asked again anyway.
  const sub = tokens.claims()?.sub ?? ''
  await until(() => performance.now() - readAt > 3_100, { within: 4_000, every: 50 })
  expect(await app.userinfo(tokens.access_token, sub)).toMatchObject({ preferred_username: 'hugo' })
  expect((await signedIn.once(`${service.issuer}/who`)).text).toContain('hugo')
  expect((await app.signIn(signedIn)).access_token).toBeDefined()

  await replicas.slapd.restart()
  await until(async () => (await signIn(newBrowser(), service)).text.includes('alice'), {
    within: 5_000,
    every: 20,
  })
})
