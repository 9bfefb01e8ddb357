import type { SideSpec } from '../task/task.ts'
import { bulkQuery, presenceQuery } from './bulk-query.ts'
import type { LscDatabaseSource } from './lsc-file.ts'
import {
  cannot,
  connectionOf,
  holesIn,
  pivotsOf,
  selectOf,
  type SideWork,
  type SourceSides,
} from './side-work.ts'

/** A databaseSourceService, whose two queries become one. Null, with a note, for what cannot be read in bulk. */
export function sqlSource(work: SideWork, source: LscDatabaseSource): SourceSides | null {
  const { destination } = work.task
  const { line } = source
  const found = connectionOf(work, source.connection, line)
  const list = selectOf(work, source.list, line)
  const object = selectOf(work, source.object, line)
  if (found === null || list === null || object === null) return null
  const { query, columns } = bulkQuery(found.to.connection.kind, list, object, holesIn(destination))
  const [key] = columns.values()
  if (key === undefined) return cannot(work, line, `${source.object} has no parameter (#id#)`)
  const unselected = [...columns].filter(([name, column]) => name !== column).map(([name]) => name)
  if (destination.kind === 'ldap' && destination.fetched.includes('*') && unselected.length > 0)
    return cannot(work, line, `${source.object} has to select ${unselected.join(', ')} too`)
  const side = (sql: string, by: string): SideSpec => ({ to: found.to, options: { query: sql, key: by } })
  return {
    source: side(query, key),
    fetched: 'all',
    pivots: [...columns.keys()],
    columns,
    contextDn: undefined,
    async presence(sync) {
      const names = pivotsOf(work)
      const select = source.clean === null ? object : selectOf(work, source.clean, line)
      if (select === null) return null
      const asked = presenceQuery(select, key)
      if (asked === null)
        return cannot(work, line, 'the query of the clean phase has to compare one column (id = #uid#)')
      const pivot = sync.find(({ destination: by }) => by.toLowerCase() === asked.pivot)
      if (pivot === undefined || !names.some((name) => name.toLowerCase() === asked.pivot))
        return cannot(work, line, `#${asked.pivot}# is no pivot of the destination (${names.join(', ')})`)
      if (source.clean === null) return { side: null, pivots: null }
      const { query: present } = presenceQuery(select, pivot.source) ?? asked
      return { side: side(present, pivot.source), pivots: sync.length === 1 ? null : [pivot] }
    },
  }
}
