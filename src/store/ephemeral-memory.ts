import { LRUCache } from 'lru-cache'
import type { EphemeralStore } from './ephemeral.ts'

/** Entries of one process, for the demo and for tests; when `max` are there, the one unused for longest goes. */
export function createMemoryStore({ max = 100_000 }: { max?: number } = {}): EphemeralStore {
  const entries = new LRUCache<string, string>({ max, ttlResolution: 0 })
  const find = (key: string): string | null => entries.get(key) ?? null
  const write = (key: string, value: string, ttl: number): void =>
    void entries.set(key, value, { ttl: ttl * 1000 })

  return {
    kind: 'memory',
    get: async (key) => find(key),
    getMany: async (keys) => keys.map(find),
    set: async (key, value, ttl) => write(key, value, ttl),
    async take(key) {
      const value = find(key)
      entries.delete(key)
      return value
    },
    async compareAndSet(key, expected, value, ttl) {
      if (find(key) !== expected) return false
      write(key, value, ttl)
      return true
    },
    async increment(key, ttl) {
      const previous = find(key)
      if (previous === null) {
        write(key, '1', ttl)
        return { count: 1, ttl }
      }
      const count = Number(previous) + 1
      entries.set(key, String(count), { noUpdateTTL: true })
      return { count, ttl: Math.ceil(entries.getRemainingTTL(key) / 1000) }
    },
    async delete(...keys) {
      for (const key of keys) entries.delete(key)
    },
    async ping() {},
    async close() {
      entries.clear()
    },
  }
}
