import { normalizeDn } from '../../src/ldap/dn.ts'
import type { Value } from '../record.ts'

/** Gives the destination's DN of what the source calls so; null when no task of those has put it there. */
export type Translate = (tasks: readonly string[], value: Value) => string | null

/** For tasks without references. */
export const translateNothing: Translate = () => null

/** DN in the source -> DN in the destination, by the pivots of the tasks that bring those entries. */
export type ReferenceMap = ReadonlyMap<string, string>

export function translator(maps: ReadonlyMap<string, ReferenceMap>): Translate {
  return (tasks, value) => {
    const key = referenceKey(String(value))
    for (const task of tasks) {
      const found = maps.get(task)?.get(key)
      if (found !== undefined) return found
    }
    return null
  }
}

/** Names that are no DNs (keys of rows) are themselves. */
export function referenceKey(name: string): string {
  try {
    return normalizeDn(name)
  } catch {
    return name
  }
}
