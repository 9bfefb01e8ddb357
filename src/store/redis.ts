import { Redis } from 'ioredis'
import { z } from 'zod'
import { Problem } from '../problems/problem.ts'
import type { EphemeralStore } from './ephemeral.ts'

/**
 * The ephemeral store in Redis or Valkey. While it is away every call fails within a second and nothing is queued; the connection comes
 * back by itself. A command that was on its way when the connection broke is not sent again: it may have been carried out.
 */
export function createRedisStore(
  url: string,
  { timeout = 1_000, onError = () => {} }: { timeout?: number; onError?: (error: Error) => void } = {},
): EphemeralStore {
  const redis = new Redis(url, {
    connectTimeout: timeout,
    commandTimeout: timeout,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(25 * 2 ** attempt, 1_000),
    // After a failover the old primary answers so until it is a replica that we leave.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  })
  redis.on('error', onError)

  return {
    kind: 'redis',
    get: (key) => reached(redis.get(key)),
    getMany: async (keys) => (keys.length === 0 ? [] : await reached(redis.mget(...keys))),
    async set(key, value, ttl) {
      await reached(redis.set(key, value, 'EX', ttl))
    },
    take: (key) => reached(redis.getdel(key)),
    async compareAndSet(key, expected, value, ttl) {
      if (expected === null) return (await reached(redis.set(key, value, 'EX', ttl, 'NX'))) === 'OK'
      return (await reached(redis.eval(replaceScript, 1, key, expected, value, ttl))) === 1
    },
    async increment(key, ttl) {
      const [count, remaining] = counter.parse(await reached(redis.eval(incrementScript, 1, key, ttl)))
      return { count, ttl: remaining }
    },
    async delete(...keys) {
      if (keys.length > 0) await reached(redis.del(...keys))
    },
    async ping() {
      await reached(redis.ping())
    },
    async close() {
      redis.disconnect()
    },
  }
}

const counter = z.tuple([z.number(), z.number()])

const replaceScript = `if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return 1`

const incrementScript = `local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return { count, math.ceil(redis.call('PTTL', KEYS[1]) / 1000) }`

async function reached<T>(reply: Promise<T>): Promise<T> {
  try {
    return await reply
  } catch (error) {
    throw new Problem('store-unavailable', { retryAfter: 2, cause: error })
  }
}
