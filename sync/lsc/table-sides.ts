import type { LscDatabaseDestination } from './lsc-file.ts'
import { BOTH, CLEAN, type Phase, SYNC, type TaskSides } from './phase.ts'
import { cannot, connectionOf, selectOf, type SideWork, type SourceSides } from './side-work.ts'
import { tableOf } from './table-of.ts'

/** A databaseDestinationService, as the table that its statements write. Null, with a note, when they do more than that. */
export async function tableSides(
  work: SideWork,
  destination: LscDatabaseDestination,
  source: SourceSides,
): Promise<TaskSides | null> {
  const { line, list, object, insert, remove } = destination
  const found = connectionOf(work, destination.connection, line)
  const [listed, one, inserting, removing] = [list, object, insert, remove].map((id) =>
    selectOf(work, id, line),
  )
  if (found === null || !listed || !one || !inserting || !removing) return null
  const written = tableOf(inserting, removing, one)
  if (typeof written === 'string') return cannot(work, line, written)
  const { table, key, columns } = written
  const pivot = source.pivots.find((name) => name.toLowerCase() === key.toLowerCase())
  if (pivot === undefined)
    return cannot(work, line, `the key ${key} is no pivot of the source (${source.pivots.join(', ')})`)
  if (work.clean && /\bWHERE\b/i.test(listed))
    return cannot(work, line, `the clean phase: ${list} has to list all rows of ${table}`)
  const from = source.columns.get(pivot.toLowerCase()) ?? pivot
  const pivots = [{ source: from, destination: key, transform: null }]
  const sync = {
    source: source.source,
    destination: { to: found.to, options: { table, key } },
    presence: null,
    pivots,
  }
  const presence = work.clean ? await source.presence(pivots) : { side: null, pivots: null }
  if (presence === null) return null
  const phase: Phase = { ...sync, presence: presence.side, phases: work.clean ? BOTH : SYNC }
  const apart: Phase[] = [
    { ...sync, phases: SYNC },
    { ...sync, source: presence.side ?? source.source, pivots: presence.pivots ?? pivots, phases: CLEAN },
  ]
  return {
    phases: presence.pivots === null ? [phase] : apart,
    fetched: { source: source.fetched, destination: 'all' },
    written: [...columns.keys()],
    subtree: false,
    contexts: source.contextDn === undefined ? {} : { source: source.contextDn },
    table: { columns, key: from },
  }
}
