import { stat } from 'node:fs/promises'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { makeEntry } from '../../src/ldap/entry.ts'
import { createPool, type Pool } from '../../src/ldap/pool.ts'
import type { RequestMessage } from '../../src/ldap/request.ts'
import { until } from '../support/poll.ts'
import { type Slapd, startSlapd } from '../support/slapd.ts'
import { type Answer, type ScriptedPeer, startScriptedPeer, success } from './scripted-peer.ts'

let near: Slapd
let far: Slapd
const ends: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  ;[near, far] = await Promise.all([startSlapd(), startSlapd()])
})
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})
afterAll(async () => {
  await Promise.all([near.stop(), far.stop()])
})

function open(...urls: string[]): Pool {
  const pool = createPool({ urls, connect: { bind: { dn: near.appDn, password: near.appPassword } } })
  ends.push(() => pool.close(0))
  return pool
}

const upOf = (pool: Pool): boolean[] => pool.stats().servers.map(({ up }) => up)
const alice = (): string => `uid=alice,ou=people,${near.suffix}`

/** Milliseconds that it takes, whatever becomes of it. */
async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work().catch(() => {})
  return performance.now() - began
}

describe('a server that died without a word', () => {
  const read = (pool: Pool) => pool.read(near.suffix)
  const signIn = (pool: Pool) => pool.verifyBind(near.appDn, near.appPassword)

  test.each([
    ['reads', read],
    ['sign-ins', signIn],
  ])('costs %s less than a second, once', async (_, act) => {
    const pool = open(near.url, far.url)
    await act(pool)
    await near.pause()
    ends.push(async () => near.resume())
    const times: number[] = []
    for (let n = 0; n < 10; n++) times.push(await timeOf(() => act(pool)))
    expect(Math.max(...times)).toBeLessThan(1_000)
    expect(times.filter((time) => time > 300)).toHaveLength(1)
    expect(pool.preferred()).toBe(far.url)
    await act(pool)
  })

  test('costs no more when it never said anything', async () => {
    const sockets = new Set<Socket>()
    const mute = createServer((socket) => sockets.add(socket)).listen(0, '127.0.0.1')
    ends.push(async () => {
      for (const socket of sockets) socket.destroy()
      mute.close()
    })
    await until(() => mute.listening, { within: 1_000 })
    const pool = open(`ldap://127.0.0.1:${portOf(mute.address())}`, far.url)
    expect(await timeOf(() => read(pool))).toBeLessThan(1_000)
    expect(await read(pool)).toBeDefined()
  })

  test('fails what waits within two seconds when there is no other, and serves again when it goes on', async () => {
    const pools = [open(near.url), open(near.url, far.url)]
    await Promise.all(pools.map(read))
    await Promise.all([near, far].map((slapd) => slapd.pause()))
    ends.push(async () => [near, far].forEach((slapd) => slapd.resume()))
    const write = (pool: Pool) =>
      pool.modify(alice(), [{ operation: 'replace', attribute: 'title', values: ['Nobody hears'] }])
    for (const act of [write, read, signIn]) {
      const times = await Promise.all(pools.map((pool) => timeOf(() => act(pool))))
      expect(Math.max(...times)).toBeLessThan(2_000)
    }
    expect(pools.map((pool) => pool.preferred())).toEqual([undefined, undefined])
    near.resume()
    const back = performance.now()
    for (const pool of pools)
      await until(() => read(pool).then((entry) => entry !== undefined), { within: 5_000, every: 10 })
    expect(performance.now() - back).toBeLessThan(1_000)
  })
})

describe('a server that is slow', () => {
  test('is waited for when only one operation takes long', async () => {
    const pool = open(
      (await slowServer(answerAfter(1_200, ({ request }) => isSearchOf(request, 'heavy')))).url,
      far.url,
    )
    const heavy = pool.searchAll({ base: 'heavy' })
    expect((await heavy).entries.map(({ dn }) => dn)).toEqual(['heavy'])
    expect(upOf(pool)).toEqual([true, true])
  })

  test('is waited for when a storm of sign-ins keeps everybody waiting', async () => {
    const pool = open((await slowServer(oneByOne(60))).url, far.url)
    const storm = Array.from({ length: 30 }, () => pool.verifyBind('uid=somebody', 'a password'))
    await Promise.all(storm)
    expect(upOf(pool)).toEqual([true, true])
  })

  test('is left by the sign-in that takes too long, and by nobody else', async () => {
    const isHeavy = ({ request }: RequestMessage) => request.type === 'bind' && request.dn === near.appDn
    const server = await slowServer(answerAfter(700, isHeavy))
    const pool = createPool({ urls: [server.url, far.url], connect: { operationTimeout: 500 } })
    ends.push(() => pool.close(0))
    const heavy = pool.verifyBind(near.appDn, near.appPassword)
    await until(() => server.requests.length > 0, { within: 1_000 })
    await pool.verifyBind('uid=somebody', 'a password')
    await heavy
    expect(upOf(pool)).toEqual([true, true])
  })

  test('is not taken for dead when it was this process that did not listen', async () => {
    const pool = open(near.url, far.url)
    await pool.read(near.suffix)
    await near.pause()
    const began = performance.now()
    const read = pool.read(near.suffix)
    await until(() => performance.now() > began + 450, { within: 1_000 }) // it is being asked whether it lives
    await stat('.') // whoever is busy in a callback of I/O is told of timers that are due before its next answer is read
    near.resume()
    while (performance.now() < began + 1_200);
    expect(await read).toBeDefined()
    expect([upOf(pool), pool.stats().errors]).toEqual([[true, true], {}])
  })
})

type React = (message: RequestMessage, answer: () => void) => void

/** Answers binds, and searches with one entry that has the name of their base, when `react` says so. */
async function slowServer(react: React): Promise<ScriptedPeer> {
  const server = await startScriptedPeer((message, answer) => react(message, () => succeed(message, answer)))
  ends.push(() => server.stop())
  return server
}

function succeed({ request }: RequestMessage, answer: Answer): void {
  if (request.type === 'bind') answer({ type: 'bindResponse', result: success })
  if (request.type !== 'search') return
  answer({ type: 'entry', entry: makeEntry(request.base, {}) })
  answer({ type: 'searchDone', result: success })
}

const isSearchOf = (request: RequestMessage['request'], base: string): boolean =>
  request.type === 'search' && request.base === base

const answerAfter =
  (milliseconds: number, isSlow: (message: RequestMessage) => boolean): React =>
  (message, answer) =>
    void (isSlow(message) ? setTimeout(answer, milliseconds) : answer())

/** As a server with one thread: each request, whoever sent it, waits for those before it. */
function oneByOne(milliseconds: number): React {
  let free = 0
  return (_, answer) => {
    const now = performance.now()
    free = Math.max(now, free) + milliseconds
    setTimeout(answer, free - now)
  }
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('not listening on a port')
  return address.port
}
