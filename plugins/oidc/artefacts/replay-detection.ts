import type { Adapter } from 'oidc-provider'
import { errors } from 'oidc-provider'
import type { EphemeralStore } from '../../../src/store/ephemeral.ts'
import { artefactKey } from './artefact-key.ts'

/** Ids of assertions that were used. The library looks first and writes later; so the write itself must tell who came first. */
export function replayDetection(store: EphemeralStore, tenant: string): Adapter {
  return {
    async upsert(id, _, expiresIn = 1) {
      const isFirst = await store.compareAndSet(
        artefactKey(tenant, 'Replay', id),
        null,
        '1',
        Math.max(1, expiresIn),
      )
      if (!isFirst) throw new errors.InvalidGrant('assertion was used before')
    },
    find: () => Promise.resolve(undefined),
    findByUid: () => Promise.resolve(undefined),
    findByUserCode: () => Promise.resolve(undefined),
    consume: () => Promise.resolve(),
    destroy: () => Promise.resolve(),
    revokeByGrantId: () => Promise.resolve(),
  }
}
