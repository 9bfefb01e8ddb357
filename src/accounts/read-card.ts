import type { Actor } from '../access/actor.ts'
import { audienceOf } from '../access/audience.ts'
import type { Visibility } from '../access/visibility.ts'
import { groupsOf, type Group } from '../directory/groups.ts'
import { attr } from '../ldap/attribute-name.ts'
import { normalizeDn } from '../ldap/dn.ts'
import { filter } from '../ldap/filter.ts'
import { Problem } from '../problems/problem.ts'
import { findByLogin, type Asked, type Found } from './find-entry.ts'
import { personAttributes, type Person } from './person.ts'
import { readByDn } from './read-by-dn.ts'
import { visiblePerson, visiblePersonAttributes } from './search-people.ts'

/** A person's card: what the actor may see of them, and of the people and groups around them. */
export type Card = {
  person: Person
  manager: Person | null
  reports: Person[]
  moreReports: boolean
  groups: Group[]
}

const MOST_REPORTS = 50

/** Throws Problem `not-found` when there is nobody with that login whom the actor may see. */
export async function readCard(
  services: { visibility: Visibility },
  actor: Actor,
  login: string,
): Promise<Card> {
  const { visibility } = services
  const found = await findByLogin(actor.tenant, 'whitePages', login, cardAttributes(visibility))
  const person = visiblePerson(visibility, actor, found ?? undefined)
  if (found === null || person === null) throw new Problem('not-found')
  const hidden = visibility.hiddenFrom(audienceOf(actor, person), found.entry)
  const hidesGroups = hidden === 'entry' || hidden.has('groups')
  const [manager, reports, groups] = await Promise.all([
    readManager(visibility, actor, person),
    readReports(visibility, actor, found),
    hidesGroups ? [] : groupsOf(actor.tenant.uses.groups, found.entry),
  ])
  return { person, manager, ...reports, groups: groups.toSorted((a, b) => a.name.localeCompare(b.name)) }
}

/** Rules of dynamic groups may ask about any attribute, the photo only for whether it is there. */
function cardAttributes(visibility: Visibility): Asked {
  return (directory) => ['*', ...personAttributes(directory), ...visibility.attributes]
}

async function readManager(visibility: Visibility, actor: Actor, person: Person): Promise<Person | null> {
  if (person.manager === null) return null
  const found = await readByDn(
    actor.tenant,
    'whitePages',
    [person.manager],
    visiblePersonAttributes(visibility),
  )
  return visiblePerson(visibility, actor, found.get(normalizeDn(person.manager)))
}

async function readReports(
  visibility: Visibility,
  actor: Actor,
  { branch, entry }: Found,
): Promise<{ reports: Person[]; moreReports: boolean }> {
  const { directory, base } = branch
  const ofManager = filter`(${attr(directory.attributes.manager)}=${entry.dn})`
  const { entries, complete } = await directory.find({
    base,
    filter: filter`(&${branch.filter}${ofManager})`,
    attributes: visiblePersonAttributes(visibility)(directory),
    limit: MOST_REPORTS,
  })
  const people = entries.flatMap((one) => visiblePerson(visibility, actor, { branch, entry: one }) ?? [])
  // Who hides their manager is not shown as a report either: the link would say it from the other side.
  const reports = people.filter((person) => person.manager !== null)
  return {
    reports: reports.toSorted((a, b) => a.displayName.localeCompare(b.displayName)),
    moreReports: !complete,
  }
}
