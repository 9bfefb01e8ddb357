import type { Wanted } from '../connectors/connector.ts'
import {
  referenceKey,
  type ReferenceMap,
  type Translate,
  translateNothing,
  translator,
} from '../plan/references.ts'
import { batches } from '../plan/plan-all.ts'
import { evaluateAll } from '../plan/plan-batch.ts'
import type { SyncRecord } from '../record.ts'
import type { Task } from '../task/task.ts'
import type { Sides } from './open-sides.ts'
import type { PreparedTask, Preparing } from './prepare-task.ts'

/** What a task was compiled to, before its references are known. */
type Compiled = Pick<PreparedTask, 'expressions' | 'wanted'> & {
  readonly places: PreparedTask['context']['expressions']
}

/**
 * Where other tasks have put what the source's references name: both sides of each are read once, their pivots alone, however many members there are. Entries
 * of the running task itself go by where this run will leave them, so that one may refer to another that is created with it.
 */
export async function readReferences(work: Preparing, compiled: Compiled): Promise<Translate> {
  const { task, services, sides, signal } = work
  const names = new Set(task.datasets.flatMap(({ references }) => references ?? []))
  if (names.size === 0) return translateNothing
  const maps = new Map<string, ReferenceMap>()
  for (const name of names) {
    const other = name === task.name ? task : services.taskNamed(task.tenant, name)
    if (other === undefined) throw new TypeError(`no task is named ${name}`)
    const map =
      other === task
        ? await mapOf(task, sides, { attributes: compiled.wanted.source, signal }, nameAfter(task, compiled))
        : await openAndMap(other, services, signal)
    maps.set(name, map)
  }
  return translator(maps)
}

async function openAndMap(
  task: Task,
  services: Preparing['services'],
  signal: AbortSignal,
): Promise<ReferenceMap> {
  const sides = await services.openSides(task)
  try {
    const attributes = task.pivots.map((pivot) => pivot.source.toLowerCase())
    return await mapOf(task, sides, { attributes, signal }, async (pairs) => pairs.map(({ now }) => now))
  } finally {
    await sides.close()
  }
}

/** A record of the source, and what it is called in the destination; null: it is not there. */
type Placed = { readonly source: SyncRecord; readonly now: string | null }
type NamesOf = (placed: readonly Placed[]) => Promise<readonly (string | null)[]>

async function mapOf(
  { pivots }: Task,
  { source, destination }: Sides,
  wanted: Wanted,
  namesOf: NamesOf,
): Promise<ReferenceMap> {
  const places = pivots.map(() => new Map<string, string>())
  const keyOf = (level: number, value: string): string =>
    destination.comparison.key(pivots[level]?.destination ?? '', value)
  const attributes = pivots.map((pivot) => pivot.destination.toLowerCase())
  for await (const record of destination.read({ ...wanted, attributes })) {
    for (const [level, pivot] of pivots.entries())
      for (const value of record.values(pivot.destination))
        places[level]?.set(keyOf(level, String(value)), record.name)
  }
  const placeOf = (record: SyncRecord): Placed => {
    const found = pivots.flatMap((pivot, level) =>
      record.values(pivot.source).flatMap((value) => places[level]?.get(keyOf(level, String(value))) ?? []),
    )
    return { source: record, now: found[0] ?? null }
  }
  const map = new Map<string, string>()
  for await (const batch of batches(source.read(wanted))) {
    const names = await namesOf(batch.map(placeOf))
    for (const [index, record] of batch.entries()) {
      const name = names[index] ?? null
      if (name !== null) map.set(referenceKey(record.name), name)
    }
  }
  return map
}

/** What a run of the task will call its entries. */
function nameAfter({ entryName, conditions }: Task, { expressions, places }: Compiled): NamesOf {
  const wanted = entryName === null ? [] : [places.indexOf(entryName)]
  const create = typeof conditions.create === 'object' ? { condition: places.indexOf(conditions.create) } : {}
  return async (placed) => {
    const evaluations = placed.map(({ source, now }) => ({
      scope: { source, destination: null },
      wanted,
      ...(now === null && create),
    }))
    const results = await evaluateAll(expressions, evaluations)
    return placed.map(({ source, now }, index) => {
      const stays = now === null ? conditions.create === false : conditions.rename === false
      const { condition, results: evaluated } = results[index] ?? { condition: false, results: [] }
      if (stays || condition !== true) return now
      if (entryName === null) return source.name
      const [name] = evaluated
      // A name that is computed from the entry's present one cannot be known here.
      return name === undefined || 'failed' in name ? now : (name.values[0]?.toString() ?? now)
    })
  }
}
