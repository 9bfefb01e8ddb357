import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeInstallation, robot, robotToken, type Installation } from '../commands/installation.ts'
import { main, start } from '../main/program.ts'
import { signedIn } from '../plugins/self-service/self-service-site.ts'
import { freePort } from '../support/free-port.ts'
import { until } from '../support/poll.ts'
import type { ServerProcess } from '../support/server-process.ts'
import { startSlapd, type Slapd } from '../support/slapd.ts'
import { makeNextVersion } from './next-version.ts'
import { startRollingProxy, type RollingProxy } from './rolling-proxy.ts'
import { startLoad, type Call, type Load } from './steady-load.ts'

const CONNECTIONS = 16
const ENOUGH = 20_000

let slapd: Slapd
let site: Installation
let proxy: RollingProxy
let next: string
let token: string
let cookies: string
let load: Load
type Replica = { port: number; process: ServerProcess }
const replicas: Replica[] = []

beforeAll(async () => {
  slapd = await startSlapd()
  site = await makeInstallation(slapd, { whitePages: { access: 'public' } })
  next = await makeNextVersion()
  await site.run('migrate')
  proxy = await startRollingProxy(site.port)
  for (let count = 0; count < 2; count++) await join(main)
  token = await robotToken(site.issuer)
  const browser = await signedIn(site, 'alice')
  cookies = [...browser.cookies].map(([key, { value }]) => `${key.split(' ')[0]}=${value}`).join('; ')
})
afterAll(async () => {
  await Promise.all(replicas.map(({ process }) => process.end('SIGTERM')))
  await proxy.close()
  await slapd.stop()
})

/** A replica of a version takes part as soon as it says that it is ready. */
async function join(version: string): Promise<void> {
  const port = await freePort()
  const process = await site.serve({ PORT: String(port) }, version)
  proxy.add(port)
  replicas.push({ port, process })
}

/** The oldest replica gets no more requests, and is told to end while those that it has are under way. */
async function leave(): Promise<string | undefined> {
  const oldest = replicas.shift()
  if (oldest === undefined) throw new Error('there is no replica')
  proxy.remove(oldest.port)
  await oldest.process.end('SIGTERM')
  return oldest.process.ended()
}

const migrate = async (version: string) =>
  await start([version, 'migrate'], { IDAAS_CONFIG: site.folder }).ended

const sentBy = (count: number) => until(() => load.sent() >= count, { within: 120_000, every: 50 })

/** How often each connection has acted, on an account of its own. */
const acts = new Map<number, number>()

/** Looking things up, acting on accounts, and a person who is signed in all the time. */
function nextCall(connection: number, count: number): Call {
  const host = new URL(site.issuer).host
  const bearer = { host, authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const turn = (count + connection) % 20
  if (turn === 7 || turn === 17) {
    const done = acts.get(connection) ?? 0
    acts.set(connection, done + 1)
    const act = done % 2 === 0 ? 'lock' : 'unlock'
    return {
      method: 'POST',
      path: `/api/v1/accounts/u0000${connection + 10}/${act}`,
      headers: bearer,
      body: '{"reason":"rolling"}',
      expects: 200,
    }
  }
  if (turn === 13) return tokenCall(host)
  if (turn === 3)
    return {
      method: 'GET',
      path: '/account',
      headers: { host, cookie: cookies, accept: 'text/html' },
      expects: 200,
    }
  if (turn === 11) return { method: 'GET', path: '/api/v1/accounts/alice', headers: bearer, expects: 200 }
  if (turn % 4 === 0)
    return { method: 'GET', path: '/people?q=lefevre', headers: { host, accept: 'text/html' }, expects: 200 }
  return { method: 'GET', path: '/.well-known/openid-configuration', headers: { host }, expects: 200 }
}

function tokenCall(host: string): Call {
  const { id, secret } = robot
  const headers = {
    host,
    authorization: `Basic ${btoa(`${id}:${secret}`)}`,
    'content-type': 'application/x-www-form-urlencoded',
  }
  const body = 'grant_type=client_credentials&scope=people.read'
  return { method: 'POST', path: '/oauth2/token', headers, body, expects: 200 }
}

test('N -> N+1 -> N under load, with a migration in between: no request fails', async () => {
  load = startLoad(site.port, CONNECTIONS, nextCall)
  const migrated = await migrate(next)
  expect([migrated.stdout, migrated.code]).toEqual([expect.stringContaining('ran 9999_next_version'), 0])
  const ends: (string | undefined)[] = []
  const codes: (number | null)[] = []
  for (const [step, version] of [next, next, main, main].entries()) {
    // Spread over the whole load: old and new answer side by side for thousands of requests each time.
    await sentBy((ENOUGH * (step + 1)) / 6)
    // Each pod migrates before it serves; on the way back it finds a database that is ahead of it.
    codes.push((await migrate(version)).code)
    await join(version)
    ends.push(await leave())
  }
  await sentBy(ENOUGH)
  await load.end()
  expect(load.failures.slice(0, 5)).toEqual([])
  expect(load.failures.length).toBe(0)
  expect(ends).toEqual(['0', '0', '0', '0'])
  expect(codes).toEqual([0, 0, 0, 0])
  console.log(`${load.sent()} requests on ${CONNECTIONS} connections, ${load.failures.length} failed`)
}, 300_000)

test('afterwards everything is there, and the audit is whole', async () => {
  const { stdout, code } = await site.run('verify')
  expect([code, stdout]).toEqual([0, expect.stringContaining('acme: the audit is whole')])
})
