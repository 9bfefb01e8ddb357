import { afterEach, beforeAll, afterAll, describe, expect, test } from 'vitest'
import { passwordPolicy } from '../../src/ldap/controls/password-policy.ts'
import { makeEntry } from '../../src/ldap/entry.ts'
import { createPool, type Pool, type PoolOptions } from '../../src/ldap/pool.ts'
import { until } from '../support/poll.ts'
import { type Slapd, startSlapd } from '../support/slapd.ts'
import { startScriptedPeer, success } from './scripted-peer.ts'

let first: Slapd
let second: Slapd
const pools: Pool[] = []

const service = (): Pool => pool({})

function pool(options: Partial<PoolOptions>): Pool {
  const made = createPool({
    urls: [first.url, second.url],
    connect: { bind: { dn: first.appDn, password: first.appPassword } },
    ...options,
  })
  pools.push(made)
  return made
}

const openTo = (made: Pool): string[] =>
  made
    .stats()
    .servers.filter(({ up }) => up)
    .map(({ url }) => url)

beforeAll(async () => {
  ;[first, second] = await Promise.all([startSlapd(), startSlapd()])
})
afterEach(async () => {
  await Promise.all(pools.splice(0).map((made) => made.close(0)))
})
afterAll(async () => {
  await Promise.all([first.stop(), second.stop()])
})

const base = (): string => first.suffix
const people = (): string => `ou=people,${first.suffix}`

describe('a pool', () => {
  test('runs many operations on few connections, as the service account', async () => {
    const ldap = pool({ size: 2 })
    const answers = await Promise.all(Array.from({ length: 200 }, () => ldap.whoAmI()))
    expect(new Set(answers)).toEqual(new Set([`dn:${first.appDn}`]))
    expect(ldap.stats()).toMatchObject({ open: 2, busy: 0, waiting: 0, errors: {} })
  })

  test(
    'a search that ends on another server when the preferred one is back is whole',
    { timeout: 60_000 },
    async () => {
      let finish = (): void => {}
      const other = await startScriptedPeer(({ request }, answer) => {
        if (request.type === 'bind') answer({ type: 'bindResponse', result: success })
        if (request.type !== 'search') return
        answer({ type: 'entry', entry: makeEntry('uid=a', { uid: 'a' }) })
        finish = () => answer({ type: 'searchDone', result: success })
      })
      await first.kill()
      try {
        const ldap = pool({ urls: [first.url, other.url] })
        const found: string[] = []
        for await (const { dn } of ldap.search({ base: people() })) {
          found.push(dn)
          await first.restart()
          await until(() => ldap.preferred() === first.url, { within: 30_000 })
          finish()
        }
        expect(found).toEqual(['uid=a'])
      } finally {
        await other.stop()
      }
    },
  )

  test('fails over in less than a second and goes back when the preferred server answers again', async () => {
    const ldap = service()
    await ldap.read(base())
    await first.kill()
    const started = performance.now()
    expect(await ldap.read(base())).toBeDefined()
    expect(performance.now() - started).toBeLessThan(1000)
    expect(openTo(ldap)).toEqual([second.url])
    await first.restart()
    await until(() => openTo(ldap).includes(first.url), { within: 5000 })
    await second.kill()
    expect(await ldap.read(base())).toBeDefined()
    await second.restart()
  })

  test('sends a read again when its connection is lost, and never a write', async () => {
    const ldap = service()
    await ldap.read(base())
    await first.pause()
    const read = ldap.searchAll({ base: people() })
    const write = ldap.modify(first.appDn, [
      { operation: 'replace', attribute: 'description', values: ['x'] },
    ])
    const [refused] = await Promise.all([write.catch((error: unknown) => error), first.kill()])
    expect(refused).toMatchObject({ kind: 'closed' })
    expect((await read).entries.length).toBeGreaterThan(50)
    expect(ldap.stats().errors).toMatchObject({ closed: expect.any(Number) })
    await first.restart()
  })

  test('leaves a server that has stopped answering', async () => {
    const ldap = pool({
      healthInterval: 50,
      connect: { bind: { dn: first.appDn, password: first.appPassword }, connectTimeout: 200 },
    })
    await ldap.read(base())
    await first.pause()
    try {
      const started = performance.now()
      expect(await ldap.read(base())).toBeDefined()
      expect(performance.now() - started).toBeLessThan(1000)
    } finally {
      first.resume()
    }
  })

  test('says so when no server answers, at once', async () => {
    const ldap = pool({ urls: ['ldap://127.0.0.1:1', 'ldap://127.0.0.1:2'] })
    for (let i = 0; i < 3; i++) await expect(ldap.ping()).rejects.toMatchObject({ kind: 'unreachable' })
    expect(ldap.stats().errors).toEqual({})
    await expect(ldap.read(base())).rejects.toMatchObject({ kind: 'unreachable' })
    expect(ldap.stats().errors).toEqual({ unreachable: 1 })
  })

  test('gives each paged search a connection of its own', async () => {
    const ldap = service()
    const exports = await Promise.all(
      Array.from({ length: 8 }, () => ldap.searchAll({ base: base(), paged: 10 })),
    )
    expect(new Set(exports.map(({ entries }) => entries.length)).size).toBe(1)
    for await (const _ of ldap.search({ base: base(), paged: 10 })) break
    expect((await ldap.searchAll({ base: base(), paged: 10 })).entries.length).toBe(
      exports[0]?.entries.length,
    )
  })

  test('proves a password without lending the connection, with the reason of a refusal', async () => {
    const ldap = service()
    const dn = `uid=alice,${people()}`
    await expect(ldap.verifyBind(dn, 'wrong', { controls: [passwordPolicy()] })).rejects.toMatchObject({
      code: 49,
    })
    await expect(ldap.verifyBind(dn, '')).rejects.toMatchObject({ kind: 'empty-password' })
    await ldap.verifyBind(first.appDn, first.appPassword)
    expect(await ldap.whoAmI()).toBe(`dn:${first.appDn}`)
    expect(ldap.stats()).toMatchObject({ open: 1, busy: 0, errors: { 49: 1 } })
  })

  test('refuses what it has no room for', async () => {
    const ldap = pool({ size: 1, perConnection: 1, maxWaiting: 1 })
    const results = await Promise.allSettled([ldap.whoAmI(), ldap.whoAmI(), ldap.whoAmI()])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected'])
    expect(results[2]).toMatchObject({ reason: { kind: 'busy' } })
    const waiting = new AbortController()
    const running = ldap.whoAmI()
    const aborted = ldap.whoAmI({ signal: waiting.signal })
    waiting.abort()
    await expect(aborted).rejects.toMatchObject({ kind: 'aborted' })
    await running
  })

  test('closes when the running operations are done, and takes no new ones', async () => {
    const ldap = service()
    const running = ldap.searchAll({ base: base(), paged: 5 })
    await until(() => ldap.stats().busy > 0, { within: 5000 })
    const closing = ldap.close()
    await expect(ldap.whoAmI()).rejects.toMatchObject({ kind: 'closed' })
    expect((await running).entries.length).toBeGreaterThan(50)
    await closing
    expect(ldap.stats()).toMatchObject({ open: 0, busy: 0 })
  })

  test('closes connections that nobody uses', async () => {
    let now = new Date()
    const ldap = pool({ healthInterval: 20, idle: 1000, clock: () => now })
    await ldap.whoAmI()
    expect(ldap.stats().open).toBe(1)
    now = new Date(now.getTime() + 1001)
    await until(() => ldap.stats().open === 0, { within: 5000 })
  })
})
