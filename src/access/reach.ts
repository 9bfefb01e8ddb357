import type { RoleConfig } from '../config/role-schema.ts'
import { formatDn, isWithin, parentDn, parseDn, toDn, type Dn } from '../ldap/dn.ts'
import { text, type Entry } from '../ldap/entry.ts'
import { parseFilter, type Filter } from '../ldap/filter.ts'
import { filterAttributes } from '../ldap/filter-attributes.ts'
import { compileFilter } from '../ldap/match.ts'
import { LdapSyntaxError } from '../ldap/syntax-error.ts'
import type { ClientActor, PersonActor } from './actor.ts'

/** What decides an agent's reach: a person's own entry; a client has none. */
type Agent = Pick<PersonActor, 'kind' | 'entry'> | Pick<ClientActor, 'kind'>

/** Where a permit acts: entries under `base` that match `filter`. */
export type Reach = { base: Dn; filter: Filter | null }

/**
 * The reach of an agent through the given roles; null when one of them has no limit. `{agent.attribute}` stands for each of the agent's own
 * values. An agent who lacks the attribute reaches nothing by that rule: nothing is ever widened by what is missing.
 */
export function reachOf(roles: readonly RoleConfig[], agent: Agent): readonly Reach[] | null {
  if (roles.some((role) => role.reach === undefined)) return null
  const values = agent.kind === 'person' ? valuesOf(agent.entry) : () => []
  return roles.flatMap((role) => role.reach ?? []).flatMap((rule) => resolve(rule, values))
}

/** What an entry must carry to be judged by the reach of these roles. */
export function reachAttributes(roles: readonly RoleConfig[]): string[] {
  return roles
    .flatMap((role) => role.reach ?? [])
    .flatMap((rule) => (rule.filter === undefined ? [] : filterAttributes(parseFilter(rule.filter))))
}

/** Whether the entry is one of those a permit acts on. */
export function isWithinReach(reach: readonly Reach[] | null, entry: Entry): boolean {
  return reachTest(reach)(entry)
}

/** `isWithinReach`, prepared once for many entries. */
export function reachTest(reach: readonly Reach[] | null): (entry: Entry) => boolean {
  if (reach === null) return () => true
  const tests = reach.map(({ base, filter }) => {
    const isSelected = filter === null ? () => true : compileFilter(filter)
    return (entry: Entry) => isWithin(entry.dn, base) && isSelected(entry)
  })
  return (entry) => tests.some((test) => test(entry))
}

type Values = (attribute: string) => readonly string[]

const HOLE = /\{agent\.([A-Za-z][A-Za-z0-9-]*)\}/

function valuesOf(entry: Entry): Values {
  return (attribute) => {
    if (attribute === 'dn') return [entry.dn]
    if (attribute === 'parent') return [parentDn(entry.dn) ?? []].flat()
    return text(entry, attribute)
  }
}

function resolve(rule: { base: string; filter?: string | undefined }, values: Values): Reach[] {
  const bases = resolveBase(rule.base, values)
  if (rule.filter === undefined) return bases.map((base) => ({ base, filter: null }))
  const filter = resolveFilter(parseFilter(rule.filter), values)
  return filter === null ? [] : bases.map((base) => ({ base, filter }))
}

/** A base that is one hole takes the agent's values as DNs; a hole inside an RDN takes them as values of that RDN. */
function resolveBase(base: string, values: Values): Dn[] {
  const whole = new RegExp(`^${HOLE.source}$`).exec(base)
  if (whole?.[1] !== undefined) return values(whole[1]).flatMap(branchNamed)
  let results = [parseDn(base)]
  for (let hole = HOLE.exec(base); hole?.[1] !== undefined; hole = HOLE.exec(base)) {
    const [all, attribute] = hole
    results = values(attribute).flatMap((value) =>
      results.map((rdns) =>
        rdns.map((rdn) => rdn.map((ava) => ({ ...ava, value: fill(ava.value, all, value) }))),
      ),
    )
    base = base.replaceAll(all, '')
  }
  return results.map(formatDn)
}

/** A value that is no DN names nothing, and the root of the directory is never meant: everything is under it. */
function branchNamed(value: string): Dn[] {
  try {
    const dn = toDn(value)
    return dn === '' ? [] : [dn]
  } catch (error) {
    if (error instanceof LdapSyntaxError) return []
    throw error
  }
}

/** The filter with each hole replaced, as an OR over the agent's values; null when the agent has none. Values stay values of the syntax tree. */
function resolveFilter(filter: Filter, values: Values): Filter | null {
  switch (filter.type) {
    case 'and':
    case 'or': {
      const filters = filter.filters.map((part) => resolveFilter(part, values))
      return filters.every((part) => part !== null) ? { ...filter, filters } : null
    }
    case 'not': {
      const inner = resolveFilter(filter.filter, values)
      return inner && { type: 'not', filter: inner }
    }
    case 'present':
      return filter
    default:
      return resolveAssertion(filter, values)
  }
}

type Assertion = Exclude<Filter, { type: 'and' | 'or' | 'not' | 'present' }>

function resolveAssertion(assertion: Assertion, values: Values): Filter | null {
  const hole = HOLE.exec(assertionText(assertion))
  if (hole?.[1] === undefined) return assertion
  const filters = values(hole[1]).map((value) => filled(assertion, hole[0], value))
  return filters.length === 0 ? null : { type: 'or', filters }
}

function assertionText(assertion: Assertion): string {
  if (assertion.type !== 'substrings') return assertion.value.toString()
  return [assertion.initial, ...assertion.any, assertion.final]
    .map((part) => part?.toString() ?? '')
    .join('*')
}

function filled(assertion: Assertion, hole: string, value: string): Filter {
  if (assertion.type !== 'substrings') return { ...assertion, value: fill(assertion.value, hole, value) }
  return {
    ...assertion,
    ...(assertion.initial && { initial: fill(assertion.initial, hole, value) }),
    any: assertion.any.map((part) => fill(part, hole, value)),
    ...(assertion.final && { final: fill(assertion.final, hole, value) }),
  }
}

function fill(template: Buffer, hole: string, value: string): Buffer {
  return Buffer.from(template.toString().replaceAll(hole, () => value))
}
