/**
 * What lives for minutes to days and is shared by all replicas: sessions, tokens, limits. Values are strings (usually JSON),
 * keys are `area:tenant:rest`. Every write has a time to live in whole seconds (>= 1). Each method is one atomic step seen by all
 * replicas. When the store cannot be reached every method throws Problem `store-unavailable`: callers fail closed.
 */
export interface EphemeralStore {
  readonly kind: 'redis' | 'postgres' | 'memory'
  get(key: string): Promise<string | null>
  /** Several keys in one round trip, in the order asked. */
  getMany(keys: readonly string[]): Promise<(string | null)[]>
  set(key: string, value: string, ttl: number): Promise<void>
  /** Reads and deletes: of any number of callers one gets the value, the others null. */
  take(key: string): Promise<string | null>
  /** Writes only when the present value is exactly `expected` (null: only when absent). Tells whether it wrote. */
  compareAndSet(key: string, expected: string | null, value: string, ttl: number): Promise<boolean>
  /** Adds 1 (a missing counter starts at 0 and gets `ttl`; an existing one keeps its remaining time). */
  increment(key: string, ttl: number): Promise<{ count: number; ttl: number }>
  delete(...keys: readonly string[]): Promise<void>
  /** Throws Problem `store-unavailable` when the store does not answer in time. */
  ping(): Promise<void>
  close(): Promise<void>
}
