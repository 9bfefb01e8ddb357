import type { Pivot, Task } from '../task/task.ts'
import { areSameFilter } from './invert-filter.ts'
import { ldapSource } from './ldap-source.ts'
import { filterForAll, filterForOne } from './read-filter.ts'
import { cannot, connectionOf, fetchedOf, ldapSide, type SideWork, type SourceSides } from './side-work.ts'
import { sqlSource } from './sql-source.ts'
import { syncPivots } from './to-pivots.ts'

/** What one phase of LSC reads, or both where they read the same. */
export type Phase = Pick<Task, 'source' | 'destination' | 'presence' | 'pivots' | 'phases'>

export type TaskSides = {
  readonly phases: readonly Phase[]
  readonly fetched: NonNullable<Task['fetched']>
  /** What the task may write; `'all'`: LSC's `*`. */
  readonly written: readonly string[] | 'all'
  readonly subtree: boolean
  /** Of the sides that are directories. */
  readonly contexts: { readonly source?: string; readonly destination?: string }
}

const BOTH = { sync: true, clean: true }
const SYNC = { sync: true, clean: false }
const CLEAN = { sync: false, clean: true }

/** Turns LSC's searches for one entry after the other into whole sides. Null, with notes, for what cannot be read that way. */
export async function taskSides(work: SideWork): Promise<TaskSides | null> {
  const { task, clean } = work
  const { destination, options } = task
  if (destination.kind !== 'ldap') {
    const what = destination.kind === 'plugin' ? `the plug-in ${destination.implementation}` : 'a database'
    return cannot(work, destination.line, `${what} cannot be the destination of an imported task`)
  }
  const found = connectionOf(work, destination.connection, destination.line)
  const source = await sourceOf(work)
  const one = source && (await filterForOne(work, destination.one, source.pivots))
  const all = await filterForAll(work, destination.all)
  if (found === null || source === null || one === null || all === null) return null
  const pivots = syncPivots(one.matches, source.pivots, options.transformations, `lsc.xml ${task.name} pivot`)
  if (typeof pivots === 'string') return cannot(work, destination.one.line, pivots)
  const named = pivots.map((pivot) => withColumn(pivot, source.columns))
  const within = one.within ?? all
  const target = (filter: string): Phase['destination'] => ldapSide(work, found, destination.baseDn, filter)
  const sync = { source: source.source, destination: target(within), presence: null, pivots: named }
  const presence = clean ? await source.presence(named) : { side: null, pivots: null }
  if (presence === null) return null
  const isOne = presence.pivots === null && areSameFilter(within, all)
  const cleaning: Phase = {
    ...sync,
    destination: target(all),
    source: presence.side ?? source.source,
    pivots: presence.pivots ?? named,
    phases: CLEAN,
  }
  return {
    phases: !clean
      ? [{ ...sync, phases: SYNC }]
      : isOne
        ? [{ ...sync, presence: presence.side, phases: BOTH }]
        : [{ ...sync, phases: SYNC }, cleaning],
    fetched: {
      source: source.fetched,
      destination: fetchedOf(
        destination.fetched,
        [...named, ...cleaning.pivots].map((pivot) => pivot.destination),
      ),
    },
    written: destination.fetched.includes('*') ? 'all' : destination.fetched,
    subtree: found.recursiveDelete,
    contexts: {
      ...(source.contextDn !== undefined && { source: source.contextDn }),
      destination: found.contextDn,
    },
  }
}

async function sourceOf(work: SideWork): Promise<SourceSides | null> {
  const { source } = work.task
  switch (source.kind) {
    case 'plugin':
      return cannot(work, source.line, `the plug-in ${source.implementation} is not known here`)
    case 'database':
      return sqlSource(work, source)
    case 'ldap':
      return await ldapSource(work, source)
  }
}

function withColumn(pivot: Pivot, columns: ReadonlyMap<string, string>): Pivot {
  return { ...pivot, source: columns.get(pivot.source.toLowerCase()) ?? pivot.source }
}
