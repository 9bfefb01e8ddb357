import {
  referenceKey,
  type ReferenceMap,
  type Translate,
  translateNothing,
  translator,
} from '../plan/references.ts'
import type { Task } from '../task/task.ts'
import type { Sides } from './open-sides.ts'
import type { TaskAtWork } from './prepare-task.ts'

/**
 * Where other tasks have put what the source's references name: both sides of each are read once, their pivots alone, however many members there are. Entries
 * of the running task itself go by where they are now.
 */
export async function readReferences({ task, services, sides, signal }: TaskAtWork): Promise<Translate> {
  const names = new Set(task.datasets.flatMap(({ references }) => references ?? []))
  if (names.size === 0) return translateNothing
  const maps = new Map<string, ReferenceMap>()
  for (const name of names) {
    const other = name === task.name ? task : services.taskNamed(task.tenant, name)
    if (other === undefined) throw new TypeError(`no task is named ${name}`)
    maps.set(
      name,
      other === task ? await mapOf(task, sides, signal) : await openAndMap(other, services, signal),
    )
  }
  return translator(maps)
}

async function openAndMap(
  task: Task,
  services: TaskAtWork['services'],
  signal: AbortSignal,
): Promise<ReferenceMap> {
  const sides = await services.openSides(task)
  try {
    return await mapOf(task, sides, signal)
  } finally {
    await sides.close()
  }
}

async function mapOf(
  { pivots }: Task,
  { source, destination }: Sides,
  signal: AbortSignal,
): Promise<ReferenceMap> {
  const places = pivots.map(() => new Map<string, string>())
  const keyOf = (level: number, value: string): string =>
    destination.comparison.key(pivots[level]?.destination ?? '', value)
  const wanted = { attributes: pivots.map((pivot) => pivot.destination.toLowerCase()), signal }
  for await (const record of destination.read(wanted)) {
    for (const [level, pivot] of pivots.entries())
      for (const value of record.values(pivot.destination))
        places[level]?.set(keyOf(level, String(value)), record.name)
  }
  const map = new Map<string, string>()
  const attributes = pivots.map((pivot) => pivot.source.toLowerCase())
  for await (const record of source.read({ attributes, signal })) {
    const found = pivots.flatMap((pivot, level) =>
      record.values(pivot.source).flatMap((value) => places[level]?.get(keyOf(level, String(value))) ?? []),
    )
    if (found[0] !== undefined) map.set(referenceKey(record.name), found[0])
  }
  return map
}
