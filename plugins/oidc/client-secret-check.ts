import { timingSafeEqual } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { EphemeralStore } from '../../src/store/ephemeral.ts'
import { artefactKey } from './artefacts/artefact-key.ts'
import { hashSecret } from './clients.ts'
import { orTryLater, tryLater, type TryLater } from './try-later.ts'

/** Failures of one client from one address within the window, over all replicas. */
const maxFailures = 20
const window = 900

export type ClientSecretCheck = (
  clientId: string,
  stored: string,
  given: string,
  address: string,
) => Promise<boolean>

/**
 * Compares a client's secret with its hash, in constant time. Wrong ones are counted in the shared store; right ones cost no round trip: each
 * replica remembers the pairs of client and address that are over the limit. A replica that does not know yet looks at one guess more.
 */
export function createClientSecretCheck(tenant: string, store: EphemeralStore): ClientSecretCheck {
  const refusedUntil = new LRUCache<string, number>({ max: 10_000, ttl: window * 1000, ttlResolution: 0 })

  return async (clientId, stored, given, address) => {
    const key = artefactKey(tenant, 'ClientFailures', `${clientId} ${address}`)
    if (refusedUntil.has(key)) throw tooMany(Math.ceil(refusedUntil.getRemainingTTL(key) / 1000))
    if (timingSafeEqual(Buffer.from(hashSecret(given)), Buffer.from(stored))) return true
    const { count, ttl } = await orTryLater(store.increment(key, window))
    if (count < maxFailures) return false
    refusedUntil.set(key, ttl, { ttl: ttl * 1000 })
    throw tooMany(ttl)
  }
}

function tooMany(wait: number): TryLater {
  return tryLater(429, 'too many failed authentications of this client', wait)
}
