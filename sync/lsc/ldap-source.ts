import { areSameFilter, bothFilters } from './invert-filter.ts'
import type { LscLdapSource } from './lsc-file.ts'
import { filterForAll, filterForOne } from './read-filter.ts'
import {
  cannot,
  connectionOf,
  fetchedOf,
  ldapSide,
  pivotsOf,
  type SideWork,
  type SourceSides,
} from './side-work.ts'
import { areSamePivots, cleanPivots } from './to-pivots.ts'

/** An ldapSourceService or asyncLdapSourceService. Null, with a note, for what cannot be read in bulk. */
export async function ldapSource(work: SideWork, source: LscLdapSource): Promise<SourceSides | null> {
  const { task, notes } = work
  const { baseDn, line, pivots, clean } = source
  const found = connectionOf(work, source.connection, line)
  const all = await filterForAll(work, source.all)
  const one = await filterForOne(work, source.one, pivots)
  if (found === null || all === null || one === null) return null
  const filter = one.within === null ? all : bothFilters(all, one.within)
  const differs = (text: string): void => void notes.push({ weight: 'differs', line, text })
  if (source.polls && source.follows === null)
    differs('filterAsync is not used: `follow` asks the server for what changes')
  return {
    source: ldapSide(work, found, baseDn, filter),
    fetched: fetchedOf(source.fetched, pivots),
    pivots,
    columns: new Map(),
    contextDn: found.contextDn,
    async presence(sync) {
      const names = pivotsOf(work)
      if (clean === null) differs('there is no <cleanFilter>: who is not in the sync phase is gone')
      const asked = await filterForOne(work, clean ?? source.one, names)
      if (asked === null) return null
      if (clean === null) return { side: null, pivots: null }
      const gone = cleanPivots(asked.matches, names, task.options.transformations)
      if (typeof gone === 'string') return cannot(work, clean.line, gone)
      const present = asked.within ?? '(objectClass=*)'
      return {
        side: areSameFilter(present, filter) ? null : ldapSide(work, found, baseDn, present),
        pivots: areSamePivots(gone, sync) ? null : gone,
      }
    },
  }
}
