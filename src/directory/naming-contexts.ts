import { text } from '../ldap/entry.ts'
import type { Operations } from '../ldap/operations.ts'

/** The suffixes that the server holds; `[]` when it does not say. */
export async function namingContexts(pool: Operations): Promise<string[]> {
  const rootDse = await pool.read('', { attributes: ['namingContexts'] })
  return rootDse === undefined ? [] : text(rootDse, 'namingContexts')
}
