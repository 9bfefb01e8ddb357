import type { SyncJournal } from '../../src/store/sync-journal.ts'
import type { Destination } from '../connectors/connector.ts'
import type { JournalCodec } from '../history/journal-codec.ts'
import { recheck } from './recheck.ts'

const PAGE = 500

/** Marks what could not be done as things are, without doing anything: of a plan that somebody looks at before it is applied. Gives how many those are. */
export async function markConflicts(
  run: string,
  journal: SyncJournal,
  codec: JournalCodec,
  destination: Destination,
): Promise<number> {
  let conflicts = 0
  let after = { stage: -1, seq: -1 }
  for (;;) {
    const rows = await journal.next(run, after, PAGE, ['planned'])
    const last = rows.at(-1)
    if (last === undefined) return conflicts
    after = { stage: last.stage, seq: last.seq }
    const earlier = rows.map((row) => ({ ...codec.decode(row), destinationId: row.destinationId }))
    const verdicts = await recheck(earlier, destination)
    const error = { code: 'changed-meanwhile', detail: '' }
    const marks = rows
      .filter((_, index) => verdicts[index] === 'conflict')
      .map(({ seq }) => ({ seq, state: 'conflict', error }) as const)
    if (marks.length > 0) await journal.mark(run, marks)
    conflicts += marks.length
  }
}
