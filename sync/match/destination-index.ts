import type { Comparison } from '../connectors/connector.ts'
import type { SyncRecord } from '../record.ts'
import type { Pivot } from '../task/task.ts'

/** Which record of the destination a source's record is. `key` names the pair within a run. */
export type Match =
  | {
      readonly type: 'found'
      readonly record: SyncRecord
      readonly key: string
      readonly instead?: Ambiguous
    }
  | { readonly type: 'none'; readonly key: string }
  | ({ readonly type: 'ambiguous' } & Ambiguous)
  | { readonly type: 'no-pivot' }

/** Several records of the destination, or one that another record of the source claims by the same pivot. `withdrawn`: pairs that are none any more. */
export type Ambiguous = {
  readonly subject: string
  readonly others: readonly string[]
  readonly withdrawn: readonly string[]
}

/** The values of each pivot, in the task's order: of the destination's attributes. */
export type PivotValues = readonly (readonly string[])[]

/** What a batch of the source is matched with. */
export type Matching = { match(values: PivotValues, source: SyncRecord): Match }

/** Who has a record, by which pivot. `null`: it is only known to be present, or claimed by several. */
type Claim = { readonly by: string; readonly level: number } | null

/**
 * The destination's records by their pivots. Nothing is told apart by a guess: what several records claim by one pivot is ambiguous for all of them; by a pivot
 * of higher priority the claim holds, whoever came first. What is ambiguous counts as present, so that none of it is deleted.
 */
export class DestinationIndex {
  readonly #records: SyncRecord[] = []
  readonly #claims: (Claim | undefined)[] = []
  /** Of each pivot: where the records with that value are in `#records`. */
  readonly #places: readonly Map<string, number | number[]>[]
  /** What will be created, by its first pivot: two new records with one pivot would be created twice. */
  readonly #created = new Map<string, string>()
  readonly #pivots: readonly Pivot[]
  readonly #comparison: Comparison

  constructor(pivots: readonly Pivot[], comparison: Comparison) {
    this.#pivots = pivots
    this.#comparison = comparison
    this.#places = pivots.map(() => new Map())
  }

  get size(): number {
    return this.#records.length
  }

  add(record: SyncRecord): void {
    const place = this.#records.push(record) - 1
    for (const [level, { destination }] of this.#pivots.entries()) {
      const map = this.#places[level]
      for (const value of record.values(destination)) {
        const key = this.#keyAt(level, String(value))
        map?.set(key, withPlace(map.get(key), place))
      }
    }
  }

  match(values: PivotValues, { name: by }: Pick<SyncRecord, 'name'>): Match {
    const first = values.findIndex((texts) => texts.length > 0)
    const text = values[first]?.[0]
    if (text === undefined) return { type: 'no-pivot' }
    const { level, found } = this.#candidates(values)
    if (found.length > 1) return this.#severalFound(found, by)
    const [place] = found
    const record = place === undefined ? undefined : this.#records[place]
    return place === undefined || record === undefined
      ? this.#notFound(`${this.#pivots[first]?.destination}=${this.#keyAt(first, text)}`, by)
      : this.#claim(place, record, { by, level })
  }

  /** Those that nothing in the source has matched. */
  *unmatched(): Iterable<SyncRecord> {
    for (const [place, record] of this.#records.entries()) if (this.#claims[place] === undefined) yield record
  }

  /** Marks as present what has these values, without matching it. */
  mark(values: PivotValues): void {
    for (const place of this.#candidates(values).found) this.#claims[place] ??= null
  }

  #keyAt(level: number, value: string): string {
    return this.#comparison.key(this.#pivots[level]?.destination ?? '', value)
  }

  /** By the first pivot, in order of priority, by which anything is found. */
  #candidates(values: PivotValues): { level: number; found: readonly number[] } {
    for (let level = 0; level < values.length; level++) {
      const found = this.#placesOf(level, values[level] ?? [])
      if (found.length > 0) return { level, found }
    }
    return { level: 0, found: [] }
  }

  #placesOf(level: number, texts: readonly string[]): readonly number[] {
    const placesOf = (text: string): readonly number[] =>
      listed(this.#places[level]?.get(this.#keyAt(level, text)))
    const [first] = texts
    if (first === undefined) return []
    return texts.length === 1 ? placesOf(first) : [...new Set(texts.flatMap(placesOf))]
  }

  #claim(place: number, record: SyncRecord, { by, level }: NonNullable<Claim>): Match {
    const before = this.#claims[place]
    const key = pairKey(place, level)
    if (before === undefined || (before !== null && before.level > level)) {
      this.#claims[place] = { by, level }
      const found = { type: 'found', record, key } as const
      if (before === undefined) return found
      const withdrawn = [pairKey(place, before.level)]
      return { ...found, instead: { subject: before.by, others: [by], withdrawn } }
    }
    if (before?.level === level) this.#claims[place] = null
    const others = [...(before === null ? [] : [before.by]), record.name]
    return { type: 'ambiguous', subject: by, others, withdrawn: before?.level === level ? [key] : [] }
  }

  #severalFound(found: readonly number[], subject: string): Match {
    for (const place of found) this.#claims[place] ??= null
    const others = found.flatMap((place) => this.#records[place]?.name ?? [])
    return { type: 'ambiguous', subject, others, withdrawn: [] }
  }

  #notFound(key: string, by: string): Match {
    const other = this.#created.get(key)
    if (other !== undefined) return { type: 'ambiguous', subject: by, others: [other], withdrawn: [key] }
    this.#created.set(key, by)
    return { type: 'none', key }
  }
}

function pairKey(place: number, level: number): string {
  return `#${place}.${level}`
}

function listed(places: number | readonly number[] | undefined): readonly number[] {
  if (places === undefined) return []
  return typeof places === 'number' ? [places] : places
}

function withPlace(places: number | readonly number[] | undefined, place: number): number | number[] {
  const before = listed(places)
  return before.length === 0 ? place : [...new Set([...before, place])]
}
