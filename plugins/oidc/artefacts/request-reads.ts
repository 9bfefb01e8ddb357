import { Provider } from 'oidc-provider'
import type { EphemeralStore } from '../../../src/store/ephemeral.ts'

/** What one request to the provider has read or written: the library asks for the same session and grant several times in it. */
export type RequestReads = {
  get(key: string): Promise<string | null>
  /** Reads what is not known yet, in one round trip. */
  prefetch(keys: readonly string[]): Promise<void>
  /** What was read in this request, without asking the store; undefined when nothing was. */
  known(key: string): string | null | undefined
  note(key: string, value: string | null): void
}

/** Outside of a request of the provider's own (pages, API) nothing is kept: each read asks the store. */
export function createRequestReads(store: EphemeralStore): RequestReads {
  const perRequest = new WeakMap<object, Map<string, string | null>>()

  function memory(): Map<string, string | null> | undefined {
    const request = Provider.ctx
    if (request === undefined) return undefined
    let known = perRequest.get(request)
    if (known === undefined) perRequest.set(request, (known = new Map<string, string | null>()))
    return known
  }

  return {
    async get(key) {
      const known = memory()
      const remembered = known?.get(key)
      if (remembered !== undefined) return remembered
      const value = await store.get(key)
      known?.set(key, value)
      return value
    },
    async prefetch(keys) {
      const known = memory()
      if (known === undefined) return
      const missing = keys.filter((key) => !known.has(key))
      if (missing.length === 0) return
      const values = await store.getMany(missing)
      missing.forEach((key, index) => known.set(key, values[index] ?? null))
    },
    known: (key) => memory()?.get(key),
    note: (key, value) => void memory()?.set(key, value),
  }
}
