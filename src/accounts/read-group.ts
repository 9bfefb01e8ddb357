import type { Actor } from '../access/actor.ts'
import type { Visibility } from '../access/visibility.ts'
import { audienceOf } from '../access/audience.ts'
import { findAll } from '../directory/branch.ts'
import { groupAttributes, groupOf, isInScope, type Group } from '../directory/groups.ts'
import { normalizeDn } from '../ldap/dn.ts'
import { text, type Entry } from '../ldap/entry.ts'
import { filter } from '../ldap/filter.ts'
import { parseLdapUrl } from '../ldap/url.ts'
import { Problem } from '../problems/problem.ts'
import type { Tenant } from '../tenants/tenant.ts'
import type { Found } from './find-entry.ts'
import { fold } from './fold.ts'
import type { Person } from './person.ts'
import { readByDn } from './read-by-dn.ts'
import { visiblePerson, visiblePersonAttributes } from './search-people.ts'

export type GroupPage = { group: Group; members: Person[]; memberGroups: Group[]; next: string | null }

/** Groups whose name or description has the text in it, by name. */
export async function findGroups(tenant: Tenant, query: { text: string; limit: number; after?: string }) {
  const entries = await Promise.all(
    tenant.uses.groups.map((branch) => findAll(branch, filter`(cn=*)`, ['cn', 'description'])),
  )
  const wanted = fold(query.text)
  const groups = entries
    .flat()
    .map(groupOf)
    .filter(({ name, description }) => fold(`${name} ${description ?? ''}`).includes(wanted))
    .toSorted((a, b) => a.name.localeCompare(b.name))
    .filter(({ name }) => query.after === undefined || name.localeCompare(query.after) > 0)
  const page = groups.slice(0, query.limit)
  return { groups: page, next: groups.length > page.length ? (page.at(-1)?.name ?? null) : null }
}

/**
 * A group and a page of its members whom the actor may see, in the order the group holds them. Throws Problem `not-found` for no group of that name,
 * or several.
 */
export async function readGroup(
  { visibility }: { visibility: Visibility },
  actor: Actor,
  name: string,
  page: { limit: number; after?: string },
): Promise<GroupPage> {
  const { tenant } = actor
  const named = filter`(cn=${name})`
  const attributes = [...groupAttributes, 'member', 'uniqueMember']
  const [entry, ...others] = (
    await Promise.all(tenant.uses.groups.map((branch) => findAll(branch, named, attributes)))
  ).flat()
  if (entry === undefined || others.length > 0) throw new Problem('not-found')
  const dns = [...text(entry, 'member'), ...text(entry, 'uniqueMember')]
  const start = Number(page.after ?? 0)
  if (!Number.isSafeInteger(start) || start < 0) {
    throw new Problem('invalid-input', { faults: [{ field: 'cursor', reason: 'malformed' }] })
  }
  const wanted = dns.slice(start, start + page.limit)
  const [people, groups, chosen] = await Promise.all([
    readByDn(tenant, 'whitePages', wanted, visiblePersonAttributes(visibility)),
    readByDn(tenant, 'groups', wanted, () => groupAttributes),
    start === 0 ? chosenByRule(visibility, tenant, entry, page.limit) : [],
  ])
  const held = wanted.flatMap((dn) => people.get(normalizeDn(dn)) ?? [])
  return {
    group: groupOf(entry),
    members: [...held, ...chosen].flatMap((found) => visibleMember(visibility, actor, found) ?? []),
    memberGroups: wanted
      .flatMap((dn) => groups.get(normalizeDn(dn)) ?? [])
      .map((found) => groupOf(found.entry)),
    next: start + page.limit < dns.length ? String(start + page.limit) : null,
  }
}

/** A person whose groups are hidden is not listed as a member: the page would say it from the other side. */
function visibleMember(visibility: Visibility, actor: Actor, found: Found): Person | null {
  const person = visiblePerson(visibility, actor, found)
  if (person === null) return null
  const hidden = visibility.hiddenFrom(audienceOf(actor, person), found.entry)
  return hidden !== 'entry' && hidden.has('groups') ? null : person
}

/** Members of a dynamic group (groupOfURLs): people of the white pages that its rules select, at most one page of them. */
async function chosenByRule(
  visibility: Visibility,
  tenant: Tenant,
  group: Entry,
  limit: number,
): Promise<Found[]> {
  const asked = visiblePersonAttributes(visibility)
  const answers = await Promise.all(
    text(group, 'memberURL').flatMap((url) => {
      const rule = parseLdapUrl(url)
      return tenant.uses.whitePages.map(async (branch) => {
        const { directory, base } = branch
        const condition = filter`(&${branch.filter}${rule.filter ?? filter`(objectClass=*)`})`
        const { entries } = await directory.find({
          base,
          filter: condition,
          attributes: asked(directory),
          limit,
        })
        return entries.filter((entry) => isInScope(rule, entry.dn)).map((entry) => ({ branch, entry }))
      })
    }),
  )
  return answers.flat()
}
