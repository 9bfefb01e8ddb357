import type { Config } from '../config/schema.ts'
import type { Sealer } from '../store/seal.ts'

/**
 * A short text that is the same in two processes if they read the same configuration, secrets included, whatever they listen on. Under the secret key, so that
 * nobody can try passwords against it; it differs between processes whose newest keys do.
 */
export function configHash(config: Config, sealer: Pick<Sealer, 'mac'>): string {
  const [, digest = ''] = sealer.mac('config', JSON.stringify({ ...config, server: null })).split('.')
  return digest.slice(0, 12)
}
