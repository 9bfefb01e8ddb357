import type { Comparison } from '../connectors/connector.ts'
import type { Modification } from '../plan/change.ts'
import { NO_VALUES, type Values } from '../record.ts'
import type { Dataset } from '../task/task.ts'

/** How values of an attribute are told apart. */
export type KeyOf = (attribute: string, values: Values[number]) => string

/**
 * What has to be done to an existing entry so that `attribute` is as wanted: nothing, one replacement, or the values that differ. Force also removes,
 * merge only adds, keep only fills what is empty.
 */
export function modificationsOf(
  { attribute, policy }: Pick<Dataset, 'attribute' | 'policy'>,
  wanted: Values,
  present: Values,
  keyOf: KeyOf,
): Modification[] {
  if (areSame(wanted, present)) return []
  if (wanted.length === 0)
    return policy === 'force' && present.length > 0 ? [replace(attribute, NO_VALUES)] : []
  const distinct = distinctValues(attribute, wanted, keyOf)
  if (present.length === 0) {
    const operation = policy === 'force' ? 'replace' : 'add'
    return [{ operation, attribute, values: distinct }]
  }
  const missing = without(attribute, distinct, present, keyOf)
  if (policy !== 'force')
    return missing.length === 0 ? [] : [{ operation: 'add', attribute, values: missing }]
  const extra = without(attribute, present, distinct, keyOf)
  const differing = missing.length + extra.length
  if (differing === 0) return []
  // Fewer values to send, and members that somebody else adds meanwhile survive.
  if (differing >= distinct.length) return [replace(attribute, distinct)]
  const changes: Modification[] = []
  if (extra.length > 0) changes.push({ operation: 'delete', attribute, values: extra })
  if (missing.length > 0) changes.push({ operation: 'add', attribute, values: missing })
  return changes
}

/** The values without those that are the same as an earlier one: servers refuse the whole operation for one of them. */
export function distinctValues(attribute: string, values: Values, keyOf: KeyOf): Values {
  if (values.length < 2) return values
  const seen = new Set<string>()
  return values.filter((value) => {
    const key = keyOf(attribute, value)
    return !seen.has(key) && seen.add(key)
  })
}

/** Whether two sets of values are the same. */
export function haveSameValues(attribute: string, one: Values, other: Values, keyOf: KeyOf): boolean {
  if (areSame(one, other)) return true
  const keys = new Set(one.map((value) => keyOf(attribute, value)))
  const others = new Set(other.map((value) => keyOf(attribute, value)))
  return keys.size === others.size && [...others].every((key) => keys.has(key))
}

/** `exact`: byte by byte. */
export function keysBy(comparison: Comparison, exact: boolean): KeyOf {
  return exact ? exactKey : (attribute, value) => comparison.key(attribute, value)
}

function exactKey(_: string, value: Values[number]): string {
  return typeof value === 'string' ? value : value.toString('latin1')
}

/** The usual case, without making a key. */
function areSame(one: Values, other: Values): boolean {
  return one.length === other.length && one.every((value, index) => isSame(value, other[index]))
}

function isSame(one: Values[number], other: Values[number] | undefined): boolean {
  if (typeof one === 'string' || typeof other === 'string') return one === other
  return other !== undefined && one.equals(other)
}

function without(attribute: string, values: Values, others: Values, keyOf: KeyOf): Values {
  const keys = new Set(others.map((value) => keyOf(attribute, value)))
  return values.filter((value) => !keys.has(keyOf(attribute, value)))
}

function replace(attribute: string, values: Values): Modification {
  return { operation: 'replace', attribute, values }
}
