import { errors, Provider, type Adapter, type AdapterPayload } from 'oidc-provider'
import type { EphemeralStore } from '../../../src/store/ephemeral.ts'
import { artefactKey } from './artefact-key.ts'
import { decodeArtefact, encodeArtefact } from './artefact-json.ts'
import type { Grants } from './grants.ts'
import type { RequestReads } from './request-reads.ts'

export type ShortLivedOptions = {
  store: EphemeralStore
  reads: RequestReads
  grants: Grants
  tenant: string
  kind: string
  /** Keys that a request which found this artefact will surely read next. */
  alongside(payload: AdapterPayload): string[]
  clock: () => Date
}

/**
 * Artefacts that live for seconds to hours in the ephemeral store: codes, access tokens, pushed requests, interactions. One whose grant is gone
 * does not exist: every use of it loads the grant, so that revoking a grant is the deletion of one key.
 */
export function shortLivedArtefacts(options: ShortLivedOptions): Adapter {
  const { store, reads, tenant, kind, alongside } = options
  const keyOf = (id: string) => artefactKey(tenant, kind, id)

  return {
    async upsert(id, payload, expiresIn = 1) {
      const stored = encodeArtefact(payload)
      await store.set(keyOf(id), stored, Math.max(1, expiresIn))
      reads.note(keyOf(id), stored)
    },
    async find(id) {
      const stored = await reads.get(keyOf(id))
      if (stored === null) return undefined
      const payload = decodeArtefact(stored, id)
      await reads.prefetch(alongside(payload))
      // For who is told of a reuse: the library forgets the code that it refuses.
      Provider.ctx?.oidc.entity(`Seen${kind}`, payload)
      return payload
    },
    consume: (id) => consume(options, id),
    destroy: (id) => store.delete(keyOf(id)),
    findByUid: () => Promise.resolve(undefined),
    findByUserCode: () => Promise.resolve(undefined),
    // The grant itself is destroyed by the library in the same breath, see above.
    revokeByGrantId: () => Promise.resolve(),
  }
}

/**
 * Marks as used, once for all replicas. The library looks first and writes later, so of parallel uses each would see an unused artefact
 * (RFC 6749, section 4.1.2; RFC 9700, section 4.14.2). Whoever loses the race proves a reuse: the grant dies, with what the winner gets.
 */
async function consume(
  { store, reads, grants, tenant, kind, clock }: ShortLivedOptions,
  id: string,
): Promise<void> {
  const key = artefactKey(tenant, kind, id)
  const stored = await reads.get(key)
  if (stored === null) throw new errors.InvalidGrant(`${kind} not found`)
  const payload = decodeArtefact(stored, id)
  const now = Math.floor(clock().getTime() / 1000)
  const consumed = encodeArtefact({ ...payload, consumed: now })
  const ttl = Math.max(1, (payload.exp ?? now) - now)
  if (payload.consumed === undefined && (await store.compareAndSet(key, stored, consumed, ttl))) return
  if (payload.grantId !== undefined) await grants.destroy(payload.grantId)
  throw new errors.InvalidGrant(`${kind} already consumed`)
}
