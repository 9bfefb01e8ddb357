import { LRUCache } from 'lru-cache'
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
  const chosen = add(found, await dynamicGroupsOf(branches, person))
  const direct = add(found, await holdersOf(branches, [person.dn, ...chosen]))
  const tops = topsOf(branches)
  let frontier = direct
  while ((frontier = frontier.filter((dn) => !tops.has(normalizeDn(dn)))).length > 0) {
    const holders = await holdersOf(branches, frontier)
    if (holders.length === 0) for (const dn of frontier) tops.set(normalizeDn(dn), true)
    frontier = add(found, holders)
  }
  return [...found.values()]
}

/** Milliseconds. Most groups are in no other, and everybody's roles ask whether they are: a group newly put into another counts that much later. */
const freshFor = 3_000
const knownTops = new WeakMap<readonly Branch[], LRUCache<string, true>>()

/** Groups that were in no other a moment ago, by normalised DN. */
function topsOf(branches: readonly Branch[]): LRUCache<string, true> {
  const known = knownTops.get(branches)
  if (known !== undefined) return known
  const tops = new LRUCache<string, true>({ max: 20_000, ttl: freshFor })
  knownTops.set(branches, tops)
  return tops
}

async function holdersOf(branches: readonly Branch[], members: readonly string[]): Promise<Entry[]> {
  const found = await Promise.all(
    branches.map((branch) => findAll(branch, holdsOne(members), groupAttributes)),
  )
  return found.flat()
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
