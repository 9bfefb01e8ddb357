import type { JournalAttributes, JournalRow, JournalValue } from '../../src/store/sync-journal.ts'

/** A value as people may see it: never a secret, of bytes only how many. */
export type ShownValue = { text: string } | { bytes: number } | { hidden: true }

/** What becomes of one attribute: the values that it loses and gains, how many stay, and the rule that caused it. */
export type ShownAttribute = {
  attribute: string
  before: ShownValue[]
  after: ShownValue[]
  kept: number
  rule: string | null
  /** The expression's place in the task, or the attribute of the source. */
  from: string | null
}

export type ShownChange = Pick<
  JournalRow,
  'seq' | 'kind' | 'state' | 'name' | 'sourceName' | 'error' | 'attempts'
> & {
  /** The new name, of a rename. */
  to: string | null
  attributes: ShownAttribute[]
  /** Why there is the operation at all, where that is not said by its attributes. */
  rule: string | null
  from: string | null
}

/** A row of the journal as page and API show it. */
export function describeChange(row: JournalRow): ShownChange {
  const { seq, kind, state, name, sourceName, error, attempts, change } = row
  const why = reasons(row)
  const whole = why('dn')
  return {
    seq,
    kind,
    state,
    name,
    sourceName,
    error,
    attempts,
    to: change.to ?? null,
    attributes: attributesOf(row).map(({ attribute, lost, gained, kept }) => ({
      attribute,
      before: lost.map(shown),
      after: gained.map(shown),
      kept,
      rule: why(attribute)?.rule ?? null,
      from: why(attribute)?.from ?? null,
    })),
    rule: whole?.rule ?? null,
    from: whole?.from ?? null,
  }
}

type Difference = {
  attribute: string
  lost: readonly JournalValue[]
  gained: readonly JournalValue[]
  kept: number
}

function attributesOf({ kind, change, before }: JournalRow): Difference[] {
  const { attributes = {}, modifications = [] } = change
  if (kind === 'create')
    return Object.entries(attributes).map(([attribute, gained]) => ({ attribute, lost: [], gained, kept: 0 }))
  if (kind === 'delete')
    return Object.entries(before).map(([attribute, lost]) => ({ attribute, lost, gained: [], kept: 0 }))
  const names = new Map(modifications.map(({ attribute }) => [attribute.toLowerCase(), attribute]))
  return [...names].map(([key, attribute]) => differenceOf(attribute, key, { change, before }))
}

function differenceOf(
  attribute: string,
  key: string,
  { change, before }: Pick<JournalRow, 'change' | 'before'>,
): Difference {
  const present = valuesIn(before, key)
  const lost: JournalValue[] = []
  const gained: JournalValue[] = []
  for (const modification of change.modifications ?? []) {
    if (modification.attribute.toLowerCase() !== key) continue
    const { operation, values } = modification
    if (operation === 'add') gained.push(...values)
    else if (operation === 'delete') lost.push(...(values.length === 0 ? present : values))
    else {
      lost.push(...without(present, values))
      gained.push(...without(values, present))
    }
  }
  return { attribute, lost, gained, kept: Math.max(0, present.length - lost.length) }
}

/** Secrets are never the same: their numbers say nothing. */
function without(values: readonly JournalValue[], others: readonly JournalValue[]): JournalValue[] {
  const known = new Set(others.filter((value) => !isSecret(value)).map((value) => JSON.stringify(value)))
  return values.filter((value) => !known.has(JSON.stringify(value)))
}

function isSecret(value: JournalValue): boolean {
  return typeof value !== 'string' && 'secret' in value
}

function valuesIn(attributes: JournalAttributes, key: string): readonly JournalValue[] {
  return Object.entries(attributes).find(([name]) => name.toLowerCase() === key)?.[1] ?? []
}

function reasons({ why }: Pick<JournalRow, 'why'>) {
  const known = new Map(Object.entries(why).map(([name, reason]) => [name.toLowerCase(), reason]))
  return (name: string) => known.get(name.toLowerCase())
}

function shown(value: JournalValue): ShownValue {
  if (typeof value === 'string') return { text: value }
  return 'binary' in value ? { bytes: Buffer.byteLength(value.binary, 'base64') } : { hidden: true }
}
