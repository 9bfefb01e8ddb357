import type { EphemeralStore } from '../../../src/store/ephemeral.ts'
import { artefactKey } from './artefact-key.ts'

/** Seconds in which one browser may open the same application several times at once (tabs that are restored). */
const window = 30

/** Makes parallel requests of one session for one client agree on one grant: the session holds one for each client. */
export type ClaimSessionGrant = (sessionUid: string, clientId: string, grantId: string) => Promise<string>

/** Gives the grant id that counts: that of whoever came first, if its grant is still alive. */
export function createSessionGrantClaim(
  tenant: string,
  { store, isAlive }: { store: EphemeralStore; isAlive(grantId: string): Promise<boolean> },
): ClaimSessionGrant {
  return async (sessionUid, clientId, grantId) => {
    const key = artefactKey(tenant, 'SessionGrant', `${sessionUid} ${clientId}`)
    if (await store.compareAndSet(key, null, grantId, window)) return grantId
    const first = await store.get(key)
    if (first !== null && (await isAlive(first))) return first
    await store.set(key, grantId, window)
    return grantId
  }
}
