import type { Entry } from '../../ldap/entry.ts'
import { filter, type Filter } from '../../ldap/filter.ts'
import type { Operations } from '../../ldap/operations.ts'
import { namingContexts } from '../naming-contexts.ts'
import { isNotForUs } from '../not-for-us.ts'

/** The server's own entries of that kind below all suffixes into which the service account may look: such are hidden from who does not ask for them. */
export async function subentriesEverywhere(
  pool: Operations,
  kind: Filter,
  attributes: readonly string[],
): Promise<Entry[]> {
  const query = { filter: filter`(&(objectClass=ldapsubentry)${kind})`, attributes }
  const found: Entry[] = []
  for (const base of await namingContexts(pool)) {
    try {
      for await (const entry of pool.search({ ...query, base })) found.push(entry)
    } catch (error) {
      if (!isNotForUs(error)) throw error
    }
  }
  return found
}

/** The answer to a reading, or undefined where the service account may not have it. */
export async function unlessForbidden<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading
  } catch (error) {
    if (isNotForUs(error)) return undefined
    throw error
  }
}
