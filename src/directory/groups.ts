import { first, type Entry } from '../ldap/entry.ts'
import { filter, type Filter } from '../ldap/filter.ts'
import { normalizeDn } from '../ldap/dn.ts'
import { findAll, type Branch } from './branch.ts'
import { dynamicGroups } from './dynamic-groups.ts'

export type Group = { dn: string; name: string; description: string | null }

export const groupAttributes = ['cn', 'description']

/**
 * The groups a person is in: directly, by the rule of a dynamic group (groupOfURLs), and through groups that hold groups, whatever the
 * depth. `memberOf` on the person would not show nested parents. A loop of groups ends because each is followed once. The entry must carry the
 * attributes that the rules ask about: `ruleAttributes`, or `*`.
 */
export async function groupsOf(branches: readonly Branch[], person: Entry): Promise<Group[]> {
  const found = new Map<string, Group>()
  let frontier = [person.dn, ...add(found, await dynamicGroupsOf(branches, person))]
  while (frontier.length > 0) {
    const holders = await Promise.all(
      branches.map((branch) => findAll(branch, holdsOne(frontier), groupAttributes)),
    )
    frontier = add(found, holders.flat())
  }
  return [...found.values()]
}

/** Adds the groups not seen before and gives their DNs. */
function add(found: Map<string, Group>, entries: readonly Entry[]): string[] {
  const added: string[] = []
  for (const entry of entries) {
    const key = normalizeDn(entry.dn)
    if (found.has(key)) continue
    found.set(key, groupOf(entry))
    added.push(entry.dn)
  }
  return added
}

export function groupOf(entry: Entry): Group {
  return {
    dn: entry.dn,
    name: first(entry, 'cn') ?? entry.dn,
    description: first(entry, 'description') ?? null,
  }
}

/** uniqueMember is seldom indexed: with its class beside it slapd looks at the few groups of that class, and not at every group there is. */
function holdsOne(members: readonly string[]): Filter {
  const named = (filters: Filter[]): Filter => ({ type: 'or', filters })
  const unique = named(members.map((member) => filter`(uniqueMember=${member})`))
  return named([
    ...members.map((member) => filter`(member=${member})`),
    filter`(&(objectClass=groupOfUniqueNames)${unique})`,
  ])
}

async function dynamicGroupsOf(branches: readonly Branch[], person: Entry): Promise<Entry[]> {
  const groups = await dynamicGroups(branches)
  return groups.filter((group) => group.selects(person)).map(({ entry }) => entry)
}

/** What a person's entry must carry for `groupsOf` to judge it by the rules of dynamic groups. */
export async function ruleAttributes(branches: readonly Branch[]): Promise<string[]> {
  return (await dynamicGroups(branches)).flatMap(({ attributes }) => attributes)
}
