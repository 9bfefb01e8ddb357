import type { JWK } from 'oidc-provider'
import { createDocuments } from './documents.ts'
import { createProvider, type ProviderSetup } from './provider.ts'
import type { RunningProvider } from './tenant-oidc.ts'

/** Milliseconds after which keys are asked for again. Rotation publishes a key much longer than that before it signs. */
const keysFreshFor = 15_000

/** The keys of a tenant: `version` changes whenever they do. Private; the first of each algorithm signs. */
export type KeySet = { version: string; keys: readonly JWK[] }

type Versioned = RunningProvider & { version: string }

/**
 * Gives the provider with the present keys. It is built when it is first asked for (throws Problem `store-unavailable` when the keys cannot be
 * read) and again, in the background, when the keys have changed: requests in flight keep the one they have.
 */
export function createRunningProvider(
  setup: Omit<ProviderSetup, 'jwks'>,
  readKeys: () => Promise<KeySet>,
): () => Promise<RunningProvider> {
  let present: Promise<Versioned> | undefined
  let checkedAt = 0

  async function build({ version, keys }: KeySet): Promise<Versioned> {
    const provider = await createProvider({ ...setup, jwks: keys })
    return { provider, version, documents: await createDocuments(provider), answer: provider.callback() }
  }

  async function refresh(current: Promise<Versioned>): Promise<void> {
    try {
      const [{ version }, keys] = await Promise.all([current, readKeys()])
      if (keys.version !== version) present = Promise.resolve(await build(keys))
    } catch (error) {
      setup.trail.logError(error, '')
    }
  }

  return async () => {
    const now = setup.clock().getTime()
    if (present === undefined) {
      checkedAt = now
      const built = readKeys().then(build)
      // The next request tries again.
      built.catch(() => (present = undefined))
      present = built
    } else if (now - checkedAt > keysFreshFor) {
      checkedAt = now
      void refresh(present)
    }
    return await present
  }
}
