import type { Actor } from '../../access/actor.ts'
import { audienceOf } from '../../access/audience.ts'
import type { UseName } from '../../config/tenant-schema.ts'
import { filter, type Filter } from '../../ldap/filter.ts'
import type { Tenant } from '../../tenants/tenant.ts'
import { accountIdOf } from '../account-id.ts'
import type { Asked, Found } from '../find-entry.ts'
import type { EntryId } from './people-index/indexed-person.ts'
import type { Person } from '../person.ts'
import { visiblePerson, visiblePersonAttributes, type PeopleView } from './visible-person.ts'

export type PeopleQuery = { text: string; limit: number; after?: string; sort?: 'relevance' | 'name' }
export type PeoplePage = { people: Person[]; total: number; next: string | null }

/**
 * A page of the people whom the actor may see and whose visible words match: found in the index, read live in
 * one search a branch, in the order of the index. Somebody who left since is not on the page, which may then
 * be shorter than `limit`. Throws Problem `directory-unavailable`.
 */
export async function searchPeople(view: PeopleView, actor: Actor, query: PeopleQuery): Promise<PeoplePage> {
  const { tenant } = actor
  const audience = audienceOf(actor)
  const { text, ...options } = query
  const { ids, total, next } = view.search.search(text, {
    ...options,
    audience: audience === 'self' ? 'person' : audience,
  })
  // The index remembers a directory that is gone: "nobody of that name" must not be said in its place.
  if (ids.length === 0) await pingAll(tenant)
  const found = await readByIds(tenant, 'whitePages', ids, visiblePersonAttributes(view.visibility))
  const people = ids.flatMap((ref) => visiblePerson(view, actor, found.get(accountIdOf(ref))) ?? [])
  return { people, total, next }
}

async function pingAll(tenant: Tenant): Promise<void> {
  const directories = new Set(tenant.uses.whitePages.map(({ directory }) => directory))
  await Promise.all([...directories].map((directory) => directory.ping()))
}

/** Entries by account id. One search for each branch, whatever the number of ids. */
export async function readByIds(
  tenant: Tenant,
  use: UseName,
  ids: readonly EntryId[],
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
      for (const entry of entries) {
        found.set(accountIdOf({ directory: directory.name, id: directory.idOf(entry) }), { branch, entry })
      }
    }),
  )
  return found
}
