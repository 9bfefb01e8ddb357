import type { JournalMark, JournalRow } from '../../src/store/sync-journal.ts'
import type { TaskAtWork } from './prepare-task.ts'

/** Keeps what later runs have to know of operations that were done: who is gone since when, who is back. */
export async function remember(
  marks: readonly JournalMark[],
  rows: readonly JournalRow[],
  { task, services }: Pick<TaskAtWork, 'task' | 'services'>,
): Promise<void> {
  if (task.clean === null || task.clean.action === 'delete') return
  const done = rows.filter((_, index) => marks[index]?.state === 'done')
  const idsOf = (counts: (row: JournalRow) => boolean): string[] =>
    done.filter(counts).flatMap(({ destinationId }) => destinationId ?? [])
  const isDeparture = ({ kind, why }: JournalRow): boolean =>
    (kind === 'disable' || kind === 'rename') && why['dn']?.rule === 'gone-from-source'
  const departed = idsOf(isDeparture)
  const back = idsOf((row) => !isDeparture(row) && row.kind !== 'update')
  if (departed.length > 0)
    await services.state.setDepartures(task.tenant, task.name, departed, services.clock())
  if (back.length > 0) await services.state.removeDepartures(task.tenant, task.name, back)
}
