import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startRedis, type RedisServer } from '../../support/redis.ts'
import { application, callback, openApplication, signIn, tokenRequest } from './application.ts'
import { createBrowser } from './browser.ts'
import { startReplicas, type Replicas } from './replicas.ts'

const robot = {
  ...application,
  id: 'robot',
  grants: ['client_credentials'],
  apiScopes: ['people.read'],
} as const
let redis: RedisServer
let replicas: Replicas

beforeAll(async () => {
  redis = await startRedis()
  replicas = await startReplicas({ clients: [application, robot], redisUrl: redis.url })
})
afterAll(async () => {
  await replicas.stop()
  await redis.stop()
})

/** Commands that Redis was sent meanwhile; what a script does inside is no trip. */
async function trips(act: () => Promise<unknown>): Promise<number> {
  const probe = new Redis(redis.url)
  const count = async () => {
    const stats = await probe.info('commandstats')
    const calls = [...stats.matchAll(/^cmdstat_(\w+):calls=(\d+)/gm)].map(
      ([, name, n]) => [name, Number(n)] as const,
    )
    const own = new Set(['info', 'client', 'hello', 'select', 'ping', 'config'])
    const inScripts = new Map(calls)
    const evals = inScripts.get('eval') ?? 0
    return { total: calls.reduce((sum, [name, n]) => sum + (own.has(name ?? '') ? 0 : n), 0), evals }
  }
  const before = await count()
  await act()
  const after = await count()
  await probe.quit()
  // A compare-and-set that wins is one GET and one SET inside of one EVAL.
  return after.total - before.total - 2 * (after.evals - before.evals)
}

test('what a flow costs in round trips to the store', async () => {
  const browser = createBrowser({ leavesTo: [callback] })
  await signIn(browser, replicas.first)
  const app = await openApplication(replicas.first)
  const tokens = await app.signIn(browser)
  const sub = tokens.claims()?.sub ?? ''
  expect(await trips(() => app.signIn(browser))).toBe(8)
  expect(await trips(() => app.userinfo(tokens.access_token, sub))).toBe(2)
  const grant = { grant_type: 'client_credentials', scope: 'people.read' }
  expect(await trips(() => tokenRequest(replicas.first, grant, robot))).toBe(1)
  expect(await trips(() => browser.once(`${replicas.first.issuer}/who`))).toBe(1)
  // Three counters of guesses among them: by address, by what was typed, by account.
  expect(await trips(() => signIn(createBrowser(), replicas.first))).toBeLessThanOrEqual(20)
})
