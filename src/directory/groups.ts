import { LRUCache } from 'lru-cache'
import { bytes, first, text, type Entry } from '../ldap/entry.ts'
import { filter, type Filter } from '../ldap/filter.ts'
import { normalizeDn } from '../ldap/dn.ts'
import { findAll, type Branch } from './branch.ts'
import type { Directory } from './directory.ts'
import { dynamicGroups } from './dynamic-groups.ts'

export type Group = { dn: string; name: string; description: string | null }

export const groupAttributes = ['cn', 'description']

/**
 * The groups a person is in: directly (groupOfNames, groupOfUniqueNames, posixGroup, the primary group of Active Directory), by the rule of a
 * dynamic group (groupOfURLs), and through groups that hold groups, whatever the depth. `memberOf` on the person would not show nested parents.
 * A loop of groups ends because each is followed once. The entry must carry what is asked about: `groupingAttributes`, or `*`.
 */
export async function groupsOf(branches: readonly Branch[], person: Entry): Promise<Group[]> {
  const found = new Map<string, Group>()
  const chosen = add(found, await dynamicGroupsOf(branches, person))
  const direct = add(found, await directHoldersOf(branches, person, chosen))
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

async function directHoldersOf(
  branches: readonly Branch[],
  person: Entry,
  chosen: readonly string[],
): Promise<Entry[]> {
  const named = [...text(person, 'uid').map((uid) => filter`(memberUid=${uid})`), ...primaryGroupOf(person)]
  return await findIn(branches, ({ directory }) => [holds(directory, [person.dn, ...chosen]), ...named])
}

async function holdersOf(branches: readonly Branch[], members: readonly string[]): Promise<Entry[]> {
  return await findIn(branches, ({ directory }) => [holds(directory, members)])
}

async function findIn(
  branches: readonly Branch[],
  conditionsAt: (branch: Branch) => Filter[],
): Promise<Entry[]> {
  const found = await Promise.all(
    branches.map((branch) => findAll(branch, anyOf(conditionsAt(branch)), groupAttributes)),
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

/**
 * Active Directory follows groups in groups by itself (LDAP_MATCHING_RULE_IN_CHAIN). uniqueMember is seldom indexed: with its class beside it slapd
 * looks at the few groups of that class, and not at every group there is.
 */
function holds({ kind }: Directory, members: readonly string[]): Filter {
  if (kind === 'active-directory')
    return anyOf(members.map((member) => filter`(member:1.2.840.113556.1.4.1941:=${member})`))
  const unique = anyOf(members.map((member) => filter`(uniqueMember=${member})`))
  return anyOf([
    ...members.map((member) => filter`(member=${member})`),
    filter`(&(objectClass=groupOfUniqueNames)${unique})`,
  ])
}

function anyOf(filters: Filter[]): Filter {
  return { type: 'or', filters }
}

/** Active Directory keeps it out of `member`: a number on the person, which is the end of the group's SID. */
function primaryGroupOf(person: Entry): Filter[] {
  const [sid] = bytes(person, 'objectSid')
  const id = first(person, 'primaryGroupID')
  if (sid === undefined || sid.length < 12 || id === undefined) return []
  const group = Buffer.from(sid)
  group.writeUInt32LE(Number(id), group.length - 4)
  return [filter`(objectSid=${group})`]
}

async function dynamicGroupsOf(branches: readonly Branch[], person: Entry): Promise<Entry[]> {
  const groups = await dynamicGroups(branches)
  return groups.filter((group) => group.selects(person)).map(({ entry }) => entry)
}

/** What a person's entry must carry for `groupsOf`: names by which groups hold it, and what the rules of dynamic groups ask about. */
export async function groupingAttributes(branches: readonly Branch[]): Promise<string[]> {
  const rules = (await dynamicGroups(branches)).flatMap(({ attributes }) => attributes)
  return ['uid', 'objectSid', 'primaryGroupID', ...rules]
}
