import type { Actor } from '../../access/actor.ts'
import { groupsOf, groupingAttributes, type Group } from '../../directory/groups.ts'
import { attr } from '../../ldap/attribute-name.ts'
import { normalizeDn } from '../../ldap/dn.ts'
import { filter } from '../../ldap/filter.ts'
import type { Asked } from '../find-entry.ts'
import { compareNames } from './name-order.ts'
import type { Person } from '../person.ts'
import {
  seeByHandle,
  visibleManagers,
  visiblePerson,
  visiblePersonAttributes,
  type PeopleView,
} from './visible-person.ts'

/** A person's card: what the actor may see of them, and of the people and groups around them. */
export type Card = {
  person: Person
  manager: Person | null
  reports: Person[]
  moreReports: boolean
  groups: Group[]
}

const MOST_REPORTS = 100

/** The card of the person with that handle (a login). Throws Problem `not-found` when there is nobody whom the actor may see. */
export async function readCard(view: PeopleView, actor: Actor, handle: string): Promise<Card> {
  const { person, found, hidden } = await seeByHandle(view, actor, handle, await cardAttributes(view, actor))
  const [managers, reports, groups] = await Promise.all([
    visibleManagers(view, actor, [person]),
    readReports(view, actor, found.entry.dn),
    hidden.has('groups') ? [] : groupsOf(actor.tenant.uses.groups, found.entry),
  ])
  const { locale } = actor.tenant.config
  const manager = person.manager === null ? null : (managers.get(normalizeDn(person.manager)) ?? null)
  return {
    person,
    manager,
    ...reports,
    groups: groups.toSorted((a, b) => compareNames(locale, a.name, b.name)),
  }
}

/** Besides what is shown, what the rules of dynamic groups ask about. */
async function cardAttributes({ visibility }: PeopleView, { tenant }: Actor): Promise<Asked> {
  const rules = await groupingAttributes(tenant.uses.groups)
  const asked = visiblePersonAttributes(visibility)
  return (directory) => [...asked(directory), ...rules]
}

async function readReports(
  view: PeopleView,
  actor: Actor,
  managerDn: string,
): Promise<{ reports: Person[]; moreReports: boolean }> {
  const { uses, config } = actor.tenant
  const answers = await Promise.all(
    uses.whitePages.map(async (branch) => {
      const { directory, base } = branch
      const ofManager = filter`(${attr(directory.attributes.manager)}=${managerDn})`
      const { entries, complete } = await directory.find({
        base,
        filter: filter`(&${branch.filter}${ofManager})`,
        attributes: visiblePersonAttributes(view.visibility)(directory),
        limit: MOST_REPORTS,
      })
      return {
        people: entries.flatMap((entry) => visiblePerson(view, actor, { branch, entry }) ?? []),
        complete,
      }
    }),
  )
  // Who hides their manager is not shown as a report either: the link would say it from the other side.
  const people = answers.flatMap((answer) => answer.people).filter((person) => person.manager !== null)
  const byId = new Map(people.map((person) => [`${person.directory}.${person.id}`, person]))
  return {
    reports: [...byId.values()].toSorted((a, b) => compareNames(config.locale, a.displayName, b.displayName)),
    moreReports: answers.some(({ complete }) => !complete),
  }
}
