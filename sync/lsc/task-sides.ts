import type { Pivot } from '../task/task.ts'
import { areSameFilter } from './invert-filter.ts'
import { ldapSource } from './ldap-source.ts'
import type { LscPluginService } from './lsc-file.ts'
import { BOTH, CLEAN, type Phase, SYNC, type TaskSides } from './phase.ts'
import { programSide, programSource } from './program-sides.ts'
import { filterForAll, filterForOne } from './read-filter.ts'
import { cannot, connectionOf, fetchedOf, ldapSide, type SideWork, type SourceSides } from './side-work.ts'
import { sqlSource } from './sql-source.ts'
import { tableSides } from './table-sides.ts'
import { syncPivots } from './to-pivots.ts'

/** Turns LSC's searches for one entry after the other into whole sides. Null, with notes, for what cannot be read that way. */
export async function taskSides(work: SideWork): Promise<TaskSides | null> {
  const { task, clean } = work
  const { destination, options } = task
  const source = await sourceOf(work)
  if (destination.kind === 'plugin') return source && programSides(work, destination, source)
  if (destination.kind === 'database') return source && (await tableSides(work, destination, source))
  if (destination.kind === 'other') return null
  const found = connectionOf(work, destination.connection, destination.line)
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
    table: null,
    contexts: {
      ...(source.contextDn !== undefined && { source: source.contextDn }),
      destination: found.contextDn,
    },
  }
}

/** Programs know entries by their DN, and those of the destination print the pivots of the source. */
function programSides(work: SideWork, destination: LscPluginService, source: SourceSides): TaskSides | null {
  const side = programSide(work, destination, 'destination')
  if (side === null) return null
  const pivots = source.pivots.map((name) => ({
    source: source.columns.get(name.toLowerCase()) ?? name,
    destination: name,
    transform: null,
  }))
  if (pivots.length === 0) return cannot(work, destination.line, 'nothing says what the pivots are')
  const fetched = destination.programs?.fetched ?? ['*']
  const names = pivots.map((pivot) => pivot.destination)
  return {
    phases: [
      { source: source.source, destination: side, presence: null, pivots, phases: work.clean ? BOTH : SYNC },
    ],
    fetched: { source: source.fetched, destination: fetchedOf(fetched, names) },
    written: fetched.includes('*') ? 'all' : fetched,
    subtree: false,
    table: null,
    contexts: source.contextDn === undefined ? {} : { source: source.contextDn },
  }
}

async function sourceOf(work: SideWork): Promise<SourceSides | null> {
  const { source } = work.task
  switch (source.kind) {
    case 'plugin':
      return programSource(work, source)
    case 'database':
      return sqlSource(work, source)
    case 'ldap':
      return await ldapSource(work, source)
  }
}

function withColumn(pivot: Pivot, columns: ReadonlyMap<string, string>): Pivot {
  return { ...pivot, source: columns.get(pivot.source.toLowerCase()) ?? pivot.source }
}
