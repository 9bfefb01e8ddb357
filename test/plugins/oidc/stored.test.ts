import { Redis } from 'ioredis'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { application, callback, openApplication, signIn } from './application.ts'
import { createBrowser } from './browser.ts'
import { startReplicas, type Replicas } from './replicas.ts'

const keeper = { ...application, id: 'keeper', grants: ['authorization_code', 'refresh_token'] } as const
let replicas: Replicas

beforeAll(async () => {
  replicas = await startReplicas({ clients: [application, keeper] })
})
afterAll(() => replicas.stop())

async function dump(): Promise<string> {
  const redis = new Redis(replicas.options.redisUrl)
  const keys = await redis.keys('*')
  const values = await redis.mget(...keys)
  await redis.quit()
  const client = new Client({ connectionString: replicas.options.databaseUrl })
  await client.connect()
  const tables = ['oidc_grants', 'oidc_refresh_tokens', 'oidc_consents']
  const rows: unknown[] = []
  for (const table of tables) rows.push((await client.query(`select * from ${table}`)).rows)
  await client.end()
  return JSON.stringify([keys, values, rows])
}

test('a dump of the stores holds nothing that opens anything', async () => {
  const browser = createBrowser({ leavesTo: [callback] })
  const started = await browser.open(`${replicas.first.issuer}/sign-in`)
  const interaction = browser.cookie('interaction')?.value ?? ''
  expect(started.url).toContain(interaction)
  await signIn(browser, replicas.first)
  const app = await openApplication(replicas.first)
  const flow = await app.start({ prompt: 'consent' })
  const consent = await browser.open(flow.url)
  const open = new URL((await browser.submit(consent, { answer: 'allow' })).url)
  const kept = await (await openApplication(replicas.first, keeper)).signIn(browser)
  const again = await browser.open((await app.start({ prompt: 'login' })).url)
  const secrets = {
    interaction,
    secondInteraction: again.url.split('/').at(-1),
    session: browser.cookie('session')?.value,
    code: open.searchParams.get('code'),
    accessToken: kept.access_token,
    refreshToken: kept.refresh_token,
  }
  const stored = await dump()
  expect(stored).toContain('oidc:acme:Interaction:')
  expect(stored).toContain('oidc:acme:AuthorizationCode:')
  for (const [name, secret] of Object.entries(secrets)) {
    expect.soft(secret?.length ?? 0, name).toBeGreaterThan(20)
    expect.soft(stored.includes(secret ?? ''), name).toBe(false)
  }
})
