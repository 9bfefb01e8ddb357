import type { Actor } from '../../access/actor.ts'
import { audienceOf } from '../../access/audience.ts'
import type { Hideable, Visibility } from '../../access/visibility.ts'
import { normalizeDn } from '../../ldap/dn.ts'
import { Problem } from '../../problems/problem.ts'
import { findByAccountId, findByLogin, type Asked, type Found } from '../find-entry.ts'
import type { PeopleSearch } from './people-search.ts'
import { personAttributes, personOf, projectPerson, type Person } from '../person.ts'
import { readByDn } from '../read-by-dn.ts'

/** What decides what is seen of people: `openPeople` gives it. */
export type PeopleView = { visibility: Visibility; search: PeopleSearch }

/** A person as the actor may see them, and what is taken away. */
export type Seen = { found: Found; person: Person; hidden: ReadonlySet<Hideable> }

/** What `see` needs to judge and to show. */
export function visiblePersonAttributes(visibility: Visibility): Asked {
  return (directory) => [...personAttributes(directory), ...visibility.attributes]
}

/** Null when the entry is hidden from the actor or not there. */
export function see(view: PeopleView, actor: Actor, found: Found | null | undefined): Seen | null {
  if (found === null || found === undefined) return null
  const person = personOf(found.branch.directory, found.entry)
  const hidden = view.visibility.hiddenFrom(audienceOf(actor, person), found.entry)
  if (hidden === 'entry') return null
  person.hasPhoto ||= view.search.hasPhoto(person)
  return { found, person: projectPerson(person, hidden), hidden }
}

/** The person as the actor may see them; null as of `see`. */
export function visiblePerson(
  view: PeopleView,
  actor: Actor,
  found: Found | null | undefined,
): Person | null {
  return see(view, actor, found)?.person ?? null
}

/**
 * The person of the white pages with that handle (`Person.handle`). Throws Problem `not-found` when there is
 * nobody whom the actor may see, and for the login of somebody whose login the actor may not see: who guesses
 * one must not learn that it is one.
 */
export async function seeByHandle(
  view: PeopleView,
  actor: Actor,
  handle: string,
  asked: Asked = visiblePersonAttributes(view.visibility),
): Promise<Seen> {
  const { tenant } = actor
  const byId = handle.startsWith('~')
    ? see(view, actor, await findByAccountId(tenant, 'whitePages', handle.slice(1), asked))
    : null
  if (byId !== null) return byId
  const byLogin = see(view, actor, await findByLogin(tenant, 'whitePages', handle, asked))
  if (byLogin === null || byLogin.hidden.has('login')) throw new Problem('not-found')
  return byLogin
}

/** The managers of these people whom the actor may see, by normalised DN. One search a branch. */
export async function visibleManagers(
  view: PeopleView,
  actor: Actor,
  people: readonly Person[],
): Promise<Map<string, Person>> {
  const dns = [...new Set(people.flatMap(({ manager }) => manager ?? []))]
  if (dns.length === 0) return new Map()
  const found = await readByDn(actor.tenant, 'whitePages', dns, visiblePersonAttributes(view.visibility))
  const managers = dns.flatMap((dn): [string, Person][] => {
    const key = normalizeDn(dn)
    const person = visiblePerson(view, actor, found.get(key))
    return person === null ? [] : [[key, person]]
  })
  return new Map(managers)
}
