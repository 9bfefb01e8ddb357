import { LRUCache } from 'lru-cache'

/** Policies change a few times a year; half a minute of delay is nothing to an account's state. */
const KEPT_MS = 30_000

/** Loads what stands under a key at most once per half minute. A failed loading is not an answer to keep. */
export function keeping<T>(load: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const kept = new LRUCache<string, Promise<T>>({ max: 10_000, ttl: KEPT_MS })
  return (key) => {
    const known = kept.get(key)
    if (known !== undefined) return known
    const answer = load(key)
    kept.set(key, answer)
    answer.catch(() => kept.delete(key))
    return answer
  }
}
