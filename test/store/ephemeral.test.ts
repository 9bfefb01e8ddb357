import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EphemeralStore } from '../../src/store/ephemeral.ts'
import { createMemoryStore } from '../../src/store/ephemeral-memory.ts'
import { createPostgresStore, purgeExpired } from '../../src/store/ephemeral-postgres.ts'
import { migrate } from '../../src/store/migrate.ts'
import { connectDatabase } from '../../src/store/postgres.ts'
import { createRedisStore } from '../../src/store/redis.ts'
import { until } from '../support/poll.ts'
import { testDatabase } from '../support/postgres.ts'
import { startRedis, testRedis } from '../support/redis.ts'

async function openDatabase() {
  const { url } = await testDatabase()
  await migrate(url)
  return connectDatabase(url)
}

const adapters: Record<EphemeralStore['kind'], () => Promise<EphemeralStore>> = {
  memory: async () => createMemoryStore(),
  postgres: async () => createPostgresStore(await openDatabase()),
  redis: async () => createRedisStore(await testRedis()),
}

const key = () => `test:acme:${randomUUID()}`
const callers = 50
const together = <T>(act: (caller: number) => Promise<T>) =>
  Promise.all(Array.from({ length: callers }, (_, caller) => act(caller)))

describe.each(Object.entries(adapters))('the ephemeral store on %s', (_kind, open) => {
  let store: EphemeralStore
  beforeAll(async () => {
    store = await open()
    await until(async () => (await store.ping(), true), { within: 2000 })
  })
  afterAll(() => store.close())

  test('gives back what was set, and null for what was not or was deleted', async () => {
    const [a, b] = [key(), key()]
    expect(await store.get(a)).toBeNull()
    await store.set(a, 'été "1"\n', 60)
    await store.set(b, '', 60)
    expect(await store.get(a)).toBe('été "1"\n')
    await store.set(a, 'two', 60)
    expect(await store.getMany([b, key(), a, b])).toEqual(['', null, 'two', ''])
    await store.delete(a, key())
    expect(await store.getMany([a, b])).toEqual([null, ''])
    await store.delete()
    expect(await store.getMany([])).toEqual([])
  })

  test('forgets a value when its time is over', async () => {
    const [a, counter] = [key(), key()]
    await store.set(a, 'one', 1)
    await store.increment(counter, 1)
    await until(async () => (await store.get(a)) === null, { within: 2500, every: 50 })
    expect(await store.take(a)).toBeNull()
    expect(await store.compareAndSet(a, 'one', 'two', 60)).toBe(false)
    expect(await store.compareAndSet(a, null, 'two', 60)).toBe(true)
    expect((await until(async () => store.increment(counter, 60), { within: 2500 })).count).toBe(1)
  })

  test('of many that take one value, one gets it', async () => {
    const a = key()
    await store.set(a, 'one', 60)
    const taken = await together(() => store.take(a))
    expect(taken.filter((value) => value !== null)).toEqual(['one'])
    expect(await store.get(a)).toBeNull()
  })

  test('of many that write when the key is absent, one does', async () => {
    const a = key()
    const wrote = await together((caller) => store.compareAndSet(a, null, `caller ${caller}`, 60))
    expect(wrote.filter(Boolean)).toHaveLength(1)
    expect(await store.get(a)).toBe(`caller ${wrote.indexOf(true)}`)
  })

  test('of many that replace the same value, one does', async () => {
    const a = key()
    await store.set(a, 'old', 60)
    const wrote = await together((caller) => store.compareAndSet(a, 'old', `caller ${caller}`, 60))
    expect(wrote.filter(Boolean)).toHaveLength(1)
    expect(await store.get(a)).toBe(`caller ${wrote.indexOf(true)}`)
  })

  test('counts every caller once', async () => {
    const a = key()
    const counts = await together(() => store.increment(a, 60))
    expect(counts.map(({ count }) => count).toSorted((x, y) => x - y)).toEqual(
      Array.from({ length: callers }, (_, index) => index + 1),
    )
  })

  test('a counter keeps its remaining time, whatever later callers ask', async () => {
    const a = key()
    expect(await store.increment(a, 5)).toEqual({ count: 1, ttl: 5 })
    const later = await store.increment(a, 9_000)
    expect(later.count).toBe(2)
    expect(later.ttl).toBeGreaterThan(0)
    expect(later.ttl).toBeLessThanOrEqual(5)
  })

  test('a value that was set or replaced has the new time', async () => {
    const a = key()
    await store.set(a, '1', 1)
    await store.compareAndSet(a, '1', '2', 60)
    expect((await store.increment(a, 1)).ttl).toBeGreaterThan(30)
    await store.set(a, '1', 600)
    expect((await store.increment(a, 1)).ttl).toBeGreaterThan(300)
  })
})

test('the memory store forgets what was unused for longest when it is full', async () => {
  const store = createMemoryStore({ max: 2 })
  await store.set('a', '1', 60)
  await store.set('b', '2', 60)
  await store.get('a')
  await store.set('c', '3', 60)
  expect(await store.getMany(['a', 'b', 'c'])).toEqual(['1', null, '3'])
})

test('PostgreSQL gets rid of what is over, and of nothing else', async () => {
  const database = await openDatabase()
  const store = createPostgresStore(database)
  await database.execute(`insert into ephemeral (key, value, expires_at)
    select 'old:acme:' || n, '', now() - interval '1 second' from generate_series(1, 2500) n`)
  await store.set('test:acme:live', 'yes', 60)
  expect(await purgeExpired(database)).toBe(2500)
  expect(await store.get('test:acme:live')).toBe('yes')
  await store.close()
  await database.close()
})

test('without Redis every call fails within a second, and works again when Redis is back', async () => {
  const redis = await startRedis()
  const store = createRedisStore(redis.url)
  await until(async () => (await store.ping(), true), { within: 2000 })
  await redis.kill()
  const started = performance.now()
  const outcomes = await Promise.allSettled([
    store.get('a'),
    store.set('a', '1', 60),
    store.take('a'),
    store.increment('n', 60),
    store.compareAndSet('a', null, '1', 60),
    store.ping(),
  ])
  expect(performance.now() - started).toBeLessThan(1000)
  for (const outcome of outcomes) {
    expect(outcome).toMatchObject({
      status: 'rejected',
      reason: { code: 'store-unavailable', retryAfter: 2 },
    })
  }
  await redis.restart()
  await until(async () => (await store.ping(), true), { within: 2000 })
  expect(await store.getMany(['a', 'n'])).toEqual([null, null]) // nothing was queued meanwhile
  await store.close()
  await redis.stop()
})

test('a Redis that hangs fails calls within a second', async () => {
  const redis = await startRedis()
  const store = createRedisStore(redis.url, { timeout: 200 })
  await until(async () => (await store.ping(), true), { within: 2000 })
  await redis.pause()
  await expect(store.get('a')).rejects.toMatchObject({ code: 'store-unavailable' })
  redis.resume()
  await until(async () => (await store.ping(), true), { within: 2000 })
  await store.close()
  await redis.stop()
})
