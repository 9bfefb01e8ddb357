import type { Channel } from './channel.ts'
import { collectSearch } from './search.ts'

/** Reads the root DSE, which every server lets anybody do (RFC 4512, 5.1). Throws the `LdapFailure` or `LdapError`. */
export async function checkHealth(
  channel: Channel,
  options: { timeout?: number; signal?: AbortSignal },
): Promise<void> {
  const source = { lease: () => ({ channel, release: () => {} }), retries: 0 }
  await collectSearch({ ...options, base: '', scope: 'base', attributes: ['1.1'] }, source)
}
