import type { JournalMark, JournalRow } from '../../src/store/sync-journal.ts'
import { isWithin } from '../../src/ldap/dn.ts'
import type { Clean } from '../task/task.ts'
import type { TaskAtWork } from './prepare-task.ts'

/** Keeps what later runs have to know of operations that were done: who is gone since when, who is back. */
export async function remember(
  marks: readonly JournalMark[],
  rows: readonly JournalRow[],
  { task, services }: Pick<TaskAtWork, 'task' | 'services'>,
): Promise<void> {
  const { clean } = task
  if (clean === null || clean.action === 'delete') return
  const done = rows.filter((_, index) => marks[index]?.state === 'done')
  const idsOf = (counts: (row: JournalRow) => boolean): string[] =>
    done.filter(counts).flatMap(({ destinationId }) => destinationId ?? [])
  const departed = idsOf((row) => isDeparture(row, clean))
  const returns = clean.action === 'move' ? 'rename' : 'enable'
  const back = idsOf((row) => row.kind === 'delete' || (row.kind === returns && !isDeparture(row, clean)))
  if (departed.length > 0)
    await services.state.setDepartures(task.tenant, task.name, departed, services.clock())
  if (back.length > 0) await services.state.removeDepartures(task.tenant, task.name, back)
}

/** Also a return that is taken back. */
function isDeparture({ kind, change, why }: JournalRow, clean: Clean): boolean {
  if (kind === 'disable') return true
  if (kind !== 'rename') return false
  const rule = why['dn']?.rule
  const isAway = clean.action === 'move' && isWithin(change.to ?? '', clean.to)
  return rule === 'gone-from-source' || (rule === 'undo' && isAway)
}
