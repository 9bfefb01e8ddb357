import { text } from '../../ldap/entry.ts'
import { filter } from '../../ldap/filter.ts'
import type { Operations } from '../../ldap/operations.ts'
import { subentriesEverywhere } from './everywhere.ts'
import { keeping } from './keeping.ts'

/**
 * Whether some class of service gives entries the attribute (as a disabled role gives nsAccountLock). The server computes such a value whenever
 * it is asked, and its indexes know nothing of it: no filter by that attribute finds everybody.
 */
export type IsComputed = (attribute: string) => Promise<boolean>

export function createIsComputed(pool: Operations): IsComputed {
  const computed = keeping(() => computedAttributes(pool))
  return async (attribute) => (await computed('')).has(attribute.toLowerCase())
}

async function computedAttributes(pool: Operations): Promise<ReadonlySet<string>> {
  const definitions = await subentriesEverywhere(pool, filter`(objectClass=cosSuperDefinition)`, [
    'cosAttribute',
  ])
  // `nsAccountLock operational`: a qualifier may follow the name.
  const named = definitions.flatMap((entry) => text(entry, 'cosAttribute'))
  return new Set(named.map((value) => value.split(' ', 1).join('').toLowerCase()))
}
