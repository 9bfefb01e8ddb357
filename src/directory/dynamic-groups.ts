import { LRUCache } from 'lru-cache'
import { isWithin, normalizeDn, parentDn } from '../ldap/dn.ts'
import { text, type Entry } from '../ldap/entry.ts'
import { filter } from '../ldap/filter.ts'
import { filterAttributes } from '../ldap/filter-attributes.ts'
import { compileFilter } from '../ldap/match.ts'
import { LdapSyntaxError } from '../ldap/syntax-error.ts'
import { parseLdapUrl, type LdapUrl } from '../ldap/url.ts'
import { findAll, type Branch } from './branch.ts'

/** A group whose members are who matches its rules (`memberURL` of a groupOfURLs). */
export type DynamicGroup = {
  entry: Entry
  selects(person: Entry): boolean
  /** What a person's entry must carry to be judged. */
  attributes: readonly string[]
}

const dynamicGroupAttributes = ['cn', 'description', 'memberURL']

/** Milliseconds. There are few such groups and everybody's roles ask for all of them; a changed rule holds that much later. */
const freshFor = 3_000
const known = new LRUCache<readonly Branch[], Promise<readonly DynamicGroup[]>>({ max: 1_000, ttl: freshFor })

/** The dynamic groups of the branches, as they were a moment ago. */
export async function dynamicGroups(branches: readonly Branch[]): Promise<readonly DynamicGroup[]> {
  const remembered = known.get(branches)
  if (remembered !== undefined) return await remembered
  const reading = read(branches)
  known.set(branches, reading)
  // An outage is not what we know of groups.
  reading.catch(() => known.delete(branches))
  return await reading
}

async function read(branches: readonly Branch[]): Promise<DynamicGroup[]> {
  const found = await Promise.all(
    branches.map((branch) => findAll(branch, filter`(memberURL=*)`, dynamicGroupAttributes)),
  )
  return found.flat().map(dynamicGroup)
}

function dynamicGroup(entry: Entry): DynamicGroup {
  const rules = rulesOf(entry)
  const tests = rules.map(({ base, scope, filter: condition }) => {
    const isSelected = condition === undefined ? () => true : compileFilter(condition)
    return (person: Entry) => isInScope({ base, scope }, person.dn) && isSelected(person)
  })
  return {
    entry,
    selects: (person) => tests.some((test) => test(person)),
    attributes: rules.flatMap((rule) => (rule.filter === undefined ? [] : filterAttributes(rule.filter))),
  }
}

/** A rule that nobody can read selects nobody: one group that is written wrongly must not keep everybody out. */
export function rulesOf(group: Entry): LdapUrl[] {
  return text(group, 'memberURL').flatMap((url) => {
    try {
      return [parseLdapUrl(url)]
    } catch (error) {
      if (error instanceof LdapSyntaxError) return []
      throw error
    }
  })
}

/** Whether the DN is where the rule looks. */
export function isInScope({ base, scope }: Pick<LdapUrl, 'base' | 'scope'>, dn: string): boolean {
  switch (scope) {
    case 'base':
      return normalizeDn(dn) === normalizeDn(base)
    case 'one':
      return normalizeDn(parentDn(dn) ?? '') === normalizeDn(base)
    case 'sub':
      return isWithin(dn, base)
  }
}
