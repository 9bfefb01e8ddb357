import type { JournalMark, JournalRow, JournalState, SyncJournal } from '../../src/store/sync-journal.ts'
import { ApplyFailure } from '../connectors/connector.ts'
import type { JournalCodec } from '../history/journal-codec.ts'
import type { Attributes, Change } from '../plan/change.ts'
import { applyOne, type ApplyTarget } from './apply-one.ts'
import { type Earlier, recheck, type Verdict } from './recheck.ts'

export type ApplyJournal = ApplyTarget & {
  readonly run: string
  readonly journal: SyncJournal
  readonly codec: JournalCodec
  /** The plan is not of this moment: each record is looked at before it is written. */
  readonly rechecks: boolean
  /** After each operation that was done. */
  readonly afterEach?: ((change: Change) => Promise<void>) | undefined
  /** Between batches; throws to stop (a lost lease, a freeze, somebody cancelled). */
  readonly onBatch: (marks: readonly JournalMark[], rows: readonly JournalRow[]) => Promise<void>
}

/** Rows that are marked, sent and marked again together. */
const BATCH = 256
/** Batches under way at once: the next one is fetched and marked while the servers work on this one. */
const BATCHES = 3

/** Applies what a run has planned, in the order of its stages; those of one stage at once. What order may have kept from working gets a second chance. */
export async function applyJournal(work: ApplyJournal): Promise<void> {
  await applyRows(work, work.rechecks, ['planned', 'sent'])
  await applyRows(
    work,
    true,
    ['failed'],
    ({ error, attempts }) => attempts < 2 && isMatterOfOrder(error?.code),
  )
}

async function applyRows(
  work: ApplyJournal,
  rechecks: boolean,
  states: readonly JournalState[],
  counts: (row: JournalRow) => boolean = () => true,
): Promise<void> {
  const underWay = new Set<Promise<void>>()
  let failure: Error | undefined
  const drainTo = async (most: number): Promise<void> => {
    while (underWay.size > most) await Promise.race(underWay)
    if (failure !== undefined) throw failure
  }
  let after = { stage: -1, seq: -1 }
  try {
    for (;;) {
      const rows = await work.journal.next(work.run, after, BATCH, states)
      const [first] = rows
      if (first === undefined) break
      if (first.stage !== after.stage) await drainTo(0)
      const batch = rows.filter(({ stage }) => stage === first.stage)
      after = { stage: first.stage, seq: batch.at(-1)?.seq ?? after.seq }
      const wanted = batch.filter(counts)
      const run = applyBatch(work, wanted, rechecks)
        .catch((error: unknown) => {
          failure ??= error instanceof Error ? error : new Error('applying failed', { cause: error })
        })
        .finally(() => underWay.delete(run))
      underWay.add(run)
      await drainTo(BATCHES - 1)
    }
    await drainTo(0)
  } finally {
    // Whoever goes on with the run must find it at rest.
    await Promise.all(underWay)
  }
}

async function applyBatch(work: ApplyJournal, rows: readonly JournalRow[], rechecks: boolean): Promise<void> {
  const { run, journal, codec, destination } = work
  if (rows.length === 0) return
  const earlier = rows.map((row): Earlier => ({ ...codec.decode(row), destinationId: row.destinationId }))
  const uncertain = rechecks || rows.some(({ state }) => state === 'sent')
  const verdicts = uncertain ? await recheck(earlier, destination) : earlier.map((): Verdict => 'planned')
  const sending = rows.filter((_, index) => verdicts[index] === 'planned')
  await journal.mark(run, await marksOfSent(work, sending))
  const marks = await Promise.all(
    rows.map(async (row, index): Promise<JournalMark> => {
      const verdict = verdicts[index]
      const one = earlier[index]
      if (verdict !== 'planned' || one === undefined) return markOf(row, verdict ?? 'conflict')
      return applyRow(row, one, work)
    }),
  )
  await journal.mark(run, marks)
  await work.onBatch(marks, rows)
}

function markOf({ seq }: JournalRow, verdict: Verdict): JournalMark {
  if (verdict !== 'conflict') return { seq, state: 'done' }
  return { seq, state: 'conflict', error: { code: 'changed-meanwhile', detail: '' } }
}

async function applyRow(row: JournalRow, earlier: Earlier, work: ApplyJournal): Promise<JournalMark> {
  try {
    const verdict = await applyOne(earlier, work)
    if (verdict === 'done') await work.afterEach?.(earlier.change)
    return markOf(row, verdict)
  } catch (error) {
    if (!(error instanceof ApplyFailure) || error.kind === 'lost') throw error
    const { kind, code, message } = error
    return { seq: row.seq, state: 'failed', error: { code: `${kind}: ${code}`, detail: message } }
  }
}

/** A delete keeps the whole record, as it is now, so that it can be undone. */
async function marksOfSent(
  { destination, codec }: ApplyJournal,
  rows: readonly JournalRow[],
): Promise<JournalMark[]> {
  const deletes = rows.filter(({ kind }) => kind === 'delete')
  const ids = deletes.flatMap(({ destinationId }) => destinationId ?? [])
  const names = deletes.filter(({ destinationId }) => destinationId === null).map(({ name }) => name)
  const records = [
    ...(ids.length === 0 ? [] : await destination.reread(ids, 'all')),
    ...(names.length === 0 ? [] : await destination.rereadNamed(names, 'all')),
  ]
  const known = new Map(
    records.flatMap((record) => [[record.id, record] as const, [record.name, record] as const]),
  )
  return rows.map((row): JournalMark => {
    const record = row.kind === 'delete' ? known.get(row.destinationId ?? row.name) : undefined
    const sent = { seq: row.seq, state: 'sent' } as const
    if (record === undefined) return sent
    const before: Attributes = new Map(record.names().map((name) => [name, record.values(name)]))
    return { ...sent, ...codec.encodeBefore(row, before) }
  })
}

const ORDER = new Set(['missing-parent', 'has-children', 'exists', 'gone', 'values-exist'])

function isMatterOfOrder(code: string | undefined): boolean {
  return ORDER.has(code?.split(':')[0] ?? '')
}
