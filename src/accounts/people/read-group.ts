import { z } from 'zod'
import type { Actor } from '../../access/actor.ts'
import { findAll } from '../../directory/branch.ts'
import { isInScope, rulesOf } from '../../directory/dynamic-groups.ts'
import { groupAttributes, groupOf, type Group } from '../../directory/groups.ts'
import { memberAttributes, membersOf } from '../../directory/members.ts'
import { normalizeDn } from '../../ldap/dn.ts'
import { text, type Entry } from '../../ldap/entry.ts'
import { filter, type Filter } from '../../ldap/filter.ts'
import { Problem } from '../../problems/problem.ts'
import type { Tenant } from '../../tenants/tenant.ts'
import { accountIdOf } from '../account-id.ts'
import { readCursor, writeCursor } from '../cursor.ts'
import type { Asked, Found } from '../find-entry.ts'
import type { EntryId } from './people-index/indexed-person.ts'
import type { Person } from '../person.ts'
import { readByDn } from '../read-by-dn.ts'
import { readByIds } from './search-people.ts'
import { see, visiblePersonAttributes, type PeopleView } from './visible-person.ts'

/** How many members the pages before had. */
// A cursor that somebody made up must not have the whole directory streamed for an empty page.
const startShape = z.int().min(0).max(100_000)

export type GroupPage = { group: Group; members: Person[]; memberGroups: Group[]; next: string | null }

/**
 * A group and a page of its members whom the actor may see: those that it holds, in its order, then those
 * that the rules of a dynamic group select. A page may be shorter than `limit` and still have a next one.
 * Throws Problem `not-found` for no group of that name, or several.
 */
export async function readGroup(
  view: PeopleView,
  actor: Actor,
  name: string,
  page: { limit: number; after?: string },
): Promise<GroupPage> {
  const { tenant } = actor
  const start = page.after === undefined ? 0 : readCursor(startShape, page.after)
  const { entry, branch } = await findGroup(tenant, name)
  const held = await membersOf(branch.directory, entry)
  const wanted = held.slice(start, start + page.limit)
  const asked = visiblePersonAttributes(view.visibility)
  const room = page.limit - wanted.length
  const skip = Math.max(0, start - held.length)
  const wantedDns = wanted.flatMap((member) => ('dn' in member ? [member.dn] : []))
  const [people, byUid, groups, chosen] = await Promise.all([
    readByDn(tenant, 'whitePages', wantedDns, asked),
    readByUid(
      tenant,
      wanted.flatMap((member) => ('uid' in member ? [member.uid] : [])),
      asked,
    ),
    readByDn(tenant, 'groups', wantedDns, () => groupAttributes),
    // One more than there is room for says whether a page follows.
    chosenByRule(
      tenant,
      entry,
      new Set(held.flatMap((member) => ('dn' in member ? [normalizeDn(member.dn)] : []))),
      { skip, take: room + 1 },
    ),
  ])
  const shown = chosen.slice(0, room)
  const chosenEntries = await readByIds(tenant, 'whitePages', shown, asked)
  const found = [
    ...wanted.flatMap((member) =>
      'dn' in member ? (people.get(normalizeDn(member.dn)) ?? []) : (byUid.get(member.uid) ?? []),
    ),
    ...shown.flatMap((ref) => chosenEntries.get(accountIdOf(ref)) ?? []),
  ]
  const hasMore = start + page.limit < held.length || chosen.length > room
  return {
    group: groupOf(entry),
    members: found.flatMap((one) => visibleMember(view, actor, one) ?? []),
    memberGroups: wantedDns
      .flatMap((dn) => groups.get(normalizeDn(dn)) ?? [])
      .map((one) => groupOf(one.entry)),
    next: hasMore ? writeCursor(start + page.limit) : null,
  }
}

async function findGroup(tenant: Tenant, name: string): Promise<Found> {
  const attributes = [...groupAttributes, 'memberURL', ...memberAttributes]
  const found = await Promise.all(
    tenant.uses.groups.map(async (branch) =>
      (await findAll(branch, filter`(cn=${name})`, attributes)).map((entry) => ({ branch, entry })),
    ),
  )
  const byDn = new Map(found.flat().map((one) => [normalizeDn(one.entry.dn), one]))
  const [only, ...others] = byDn.values()
  if (only === undefined || others.length > 0) throw new Problem('not-found')
  return only
}

/** People of the white pages by the logins that a posixGroup names. */
async function readByUid(tenant: Tenant, uids: readonly string[], asked: Asked): Promise<Map<string, Found>> {
  if (uids.length === 0) return new Map()
  const named: Filter = { type: 'or', filters: uids.map((uid) => filter`(uid=${uid})`) }
  const found = await Promise.all(
    tenant.uses.whitePages.map(async (branch) =>
      (await findAll(branch, named, [...asked(branch.directory), 'uid'])).map((entry) => ({ branch, entry })),
    ),
  )
  return new Map(found.flat().flatMap((one) => text(one.entry, 'uid').map((uid) => [uid, one] as const)))
}

/** A person whose groups are hidden is not listed as a member: the page would say it from the other side. */
function visibleMember(view: PeopleView, actor: Actor, found: Found): Person | null {
  const seen = see(view, actor, found)
  return seen === null || seen.hidden.has('groups') ? null : seen.person
}

/**
 * Members of a dynamic group (groupOfURLs): people of the white pages that its rules select, without those of
 * `held`, which a server with the dynlist overlay also lists. Ids alone are streamed, in the server's order,
 * up to the end of the page.
 */
async function chosenByRule(
  tenant: Tenant,
  group: Entry,
  held: ReadonlySet<string>,
  { skip, take }: { skip: number; take: number },
): Promise<EntryId[]> {
  const chosen: EntryId[] = []
  const seen = new Set(held)
  let passed = 0
  for (const rule of rulesOf(group)) {
    for (const { directory, base, filter: condition } of tenant.uses.whitePages) {
      const selected = filter`(&${condition}${rule.filter ?? filter`(objectClass=*)`})`
      const entries = directory.list({ base, filter: selected, attributes: [directory.idAttribute] })
      for await (const entry of entries) {
        const key = normalizeDn(entry.dn)
        if (!isInScope(rule, entry.dn) || seen.has(key)) continue
        seen.add(key)
        if (passed++ < skip) continue
        chosen.push({ directory: directory.name, id: directory.idOf(entry) })
        if (chosen.length >= take) return chosen
      }
    }
  }
  return chosen
}
