import type { Comparison, Destination } from '../connectors/connector.ts'
import { haveSameValues, keysBy } from '../diff/modifications.ts'
import type { Attributes, Change, Modification } from '../plan/change.ts'
import { NO_VALUES, type SyncRecord, type Values } from '../record.ts'

/** How an operation stands to the record as it is now: still to be done, done already, or about another state than it was planned for. */
export type Verdict = 'planned' | 'done' | 'conflict'

/** An operation that was planned earlier, with what its attributes held then. */
export type Earlier = {
  readonly change: Change
  readonly before: Attributes
  /** Null: of a record that is new in this run. */
  readonly destinationId: string | null
}

/**
 * Looks at the records of operations that were planned a while ago, or given to a server that did not answer, in two searches for all of them.
 * Nothing is done on a record that somebody has changed meanwhile.
 */
export async function recheck(earlier: readonly Earlier[], destination: Destination): Promise<Verdict[]> {
  const { comparison, isKnownByName = false } = destination
  const attributes = [...new Set(earlier.flatMap(touched).map((name) => name.toLowerCase()))]
  const idOf = ({ destinationId }: Earlier): string | null => (isKnownByName ? null : destinationId)
  const ids = earlier.flatMap((one) => idOf(one) ?? [])
  const names = earlier.filter((one) => idOf(one) === null).flatMap(({ change }) => namesIn(change))
  const [byId, byName] = await Promise.all([
    ids.length === 0 ? [] : destination.reread([...new Set(ids)], attributes),
    names.length === 0 ? [] : destination.rereadNamed([...new Set(names)], attributes),
  ])
  const known = new Map(byId.map((record) => [record.id, record]))
  const named = (name: string): SyncRecord | undefined =>
    byName.find((record) => record.name === name) ??
    byName.find((record) => comparison.sameName(record.name, name))
  return earlier.map((one) => {
    const id = idOf(one)
    const [current] = id === null ? namesIn(one.change).flatMap((name) => named(name) ?? []) : [known.get(id)]
    return verdictOn(one, current ?? null, comparison)
  })
}

/** By which the record may be known now. */
function namesIn(change: Change): string[] {
  return change.kind === 'rename' ? [change.name, change.to] : [change.name]
}

/** The verdict on one operation. `current` null: there is no such record. */
export function verdictOn(
  { change, before }: Pick<Earlier, 'change' | 'before'>,
  current: SyncRecord | null,
  comparison: Comparison,
): Verdict {
  const isNamed = current !== null && comparison.sameName(current.name, change.name)
  if (change.kind === 'delete') {
    if (current === null) return 'done'
    return isNamed && hold(before, current, comparison) ? 'planned' : 'conflict'
  }
  if (change.kind === 'create') {
    if (current === null) return 'planned'
    return hold(shown(change.attributes, comparison), current, comparison) ? 'done' : 'conflict'
  }
  if (current === null) return 'conflict'
  if (change.kind === 'rename') {
    if (comparison.sameName(current.name, change.to)) return 'done'
    return isNamed ? 'planned' : 'conflict'
  }
  // Operations go by the name: by now another record may have it.
  const verdict =
    change.kind === 'update' ? verdictOnUpdate(change.modifications, before, current, comparison) : 'planned'
  return verdict === 'planned' && !isNamed ? 'conflict' : verdict
}

function verdictOnUpdate(
  modifications: readonly Modification[],
  before: Attributes,
  current: SyncRecord,
  comparison: Comparison,
): Verdict {
  const after = applied(before, modifications, comparison)
  if (hold(after, current, comparison)) return 'done'
  const planned = new Map([...after.keys()].map((name) => [name, before.get(name) ?? NO_VALUES]))
  return hold(planned, current, comparison) ? 'planned' : 'conflict'
}

/** What the touched attributes hold once the modifications are done. */
export function applied(
  before: Attributes,
  modifications: readonly Modification[],
  comparison: Comparison,
): Attributes {
  const keyOf = keysBy(comparison, false)
  const after = new Map<string, Values>()
  for (const { operation, attribute, values } of modifications) {
    const present = after.get(attribute) ?? before.get(attribute) ?? NO_VALUES
    const keys = new Set(values.map((value) => keyOf(attribute, value)))
    const others = present.filter((value) => !keys.has(keyOf(attribute, value)))
    const result = { replace: values, add: [...others, ...values], delete: others }
    after.set(attribute, result[operation])
  }
  return after
}

/** The record has these values in these attributes, and no others. */
function hold(attributes: Attributes, record: SyncRecord, comparison: Comparison): boolean {
  const keyOf = keysBy(comparison, false)
  return [...attributes].every(([name, values]) => {
    const present = record.values(name.toLowerCase())
    return haveSameValues(name, comparison.asHeld?.(name, values, present) ?? values, present, keyOf)
  })
}

/** Without what cannot be seen: an entry was made with all of its attributes or not at all. */
function shown(attributes: Attributes, { isShown }: Comparison): Attributes {
  return isShown === undefined ? attributes : new Map([...attributes].filter(([name]) => isShown(name)))
}

function touched({ change, before }: Earlier): string[] {
  const names =
    change.kind === 'update' ? change.modifications.map(({ attribute }) => attribute) : [...before.keys()]
  return change.kind === 'create' ? [...change.attributes.keys()] : names
}
