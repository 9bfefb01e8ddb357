import type { SigningKey } from '../../src/store/signing-keys.ts'
import type { KeySet } from './running-provider.ts'

/** The keys in the library's form. It signs with the first that fits a client's algorithm and publishes all. */
export function keySetOf(keys: readonly SigningKey[]): KeySet {
  return {
    version: keys.map(({ kid, state }) => `${kid} ${state}`).join(),
    keys: keys.map(({ kid, algorithm, jwk }) => ({ ...jwk, kid, alg: algorithm, use: 'sig' })),
  }
}
