import type { Actor } from '../access/actor.ts'
import { audienceOf } from '../access/audience.ts'
import type { Visibility } from '../access/visibility.ts'
import type { UseName } from '../config/tenant-schema.ts'
import type { Filter } from '../ldap/filter.ts'
import { filter } from '../ldap/filter.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { accountIdOf } from './account-id.ts'
import type { Asked, Found } from './find-entry.ts'
import type { PeopleSearch } from './people-search.ts'
import { personAttributes, personOf, projectPerson, type Person } from './person.ts'

export type PeopleQuery = { text: string; limit: number; after?: string; sort?: 'relevance' | 'name' }
export type PeoplePage = { people: Person[]; total: number; next: string | null }

/**
 * A page of the people whom the actor may see and whose visible words match: found in the index, read live in one search a branch, in the order of the
 * index. Somebody who left since is not on the page, which may then be shorter than `limit`.
 */
export async function searchPeople(
  services: { search: PeopleSearch; visibility: Visibility },
  actor: Actor,
  query: PeopleQuery,
): Promise<PeoplePage> {
  const audience = audienceOf(actor)
  const { text, ...options } = query
  const { ids, total, next } = services.search.search(text, {
    ...options,
    audience: audience === 'self' ? 'person' : audience,
  })
  const found = await readByIds(actor.tenant, 'whitePages', ids, visiblePersonAttributes(services.visibility))
  const people = ids.flatMap(
    (ref) => visiblePerson(services.visibility, actor, found.get(accountIdOf(ref))) ?? [],
  )
  return { people, total, next }
}

/** What `visiblePerson` needs to judge and to show. */
export function visiblePersonAttributes(visibility: Visibility): Asked {
  return (directory) => [...personAttributes(directory), ...visibility.attributes]
}

/** The person as the actor may see them; null when the entry is hidden from the actor or not there. */
export function visiblePerson(visibility: Visibility, actor: Actor, found: Found | undefined): Person | null {
  if (found === undefined) return null
  const person = personOf(found.branch.directory, found.entry)
  const hidden = visibility.hiddenFrom(audienceOf(actor, person), found.entry)
  return hidden === 'entry' ? null : projectPerson(person, hidden)
}

/** Entries by account id. One search for each branch, whatever the number of ids. */
export async function readByIds(
  tenant: Tenant,
  use: UseName,
  ids: readonly { directory: string; id: string }[],
  asked: Asked,
): Promise<Map<string, Found>> {
  const found = new Map<string, Found>()
  await Promise.all(
    tenant.uses[use].map(async (branch) => {
      const { directory, base } = branch
      const wanted = ids
        .filter((ref) => ref.directory === directory.name)
        .map((ref) => directory.idFilter(ref.id))
      if (wanted.length === 0) return
      const oneOf: Filter = { type: 'or', filters: wanted }
      const { entries } = await directory.find({
        base,
        filter: filter`(&${branch.filter}${oneOf})`,
        attributes: asked(directory),
        limit: wanted.length,
      })
      for (const entry of entries) found.set(`${directory.name}.${directory.idOf(entry)}`, { branch, entry })
    }),
  )
  return found
}
