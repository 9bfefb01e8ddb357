import type { JournalMark, JournalRow, JournalState, SyncJournal } from '../../src/store/sync-journal.ts'
import { ApplyFailure } from '../connectors/connector.ts'
import type { JournalCodec } from '../history/journal-codec.ts'
import type { Change } from '../plan/change.ts'
import { attributesOf } from '../record.ts'
import { applyOne, type ApplyTarget } from './apply-one.ts'
import { FailedRows } from './failed-rows.ts'
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

/** Of what waits for each other's names, one more finds its place in each round. */
const ROUNDS = 10

/** Applies what a run has planned, in the order of its stages; those of one stage at once. What order may have kept from working is tried again while that helps. */
export async function applyJournal(parts: ApplyJournal): Promise<void> {
  const { rechecks, run, journal } = parts
  const failed = rechecks ? await FailedRows.ofRun(run, journal) : new FailedRows()
  await applyRows({ ...parts, failed }, ['planned', 'sent'])
  let before = Infinity
  for (let round = 0; round < ROUNDS; round++) {
    const waiting = failed.takeWaiting()
    if (waiting.size === 0 || waiting.size >= before) return
    before = waiting.size
    await applyRows({ ...parts, failed, rechecks: true }, ['failed'], ({ seq }) => waiting.has(seq))
  }
}

type Applying = ApplyJournal & { readonly failed: FailedRows }

async function applyRows(
  work: Applying,
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
      const run = applyBatch(work, wanted)
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

async function applyBatch(work: Applying, rows: readonly JournalRow[]): Promise<void> {
  const { run, journal, codec, destination, rechecks, failed } = work
  if (rows.length === 0) return
  const earlier = rows.map((row): Earlier => ({ ...codec.decode(row), destinationId: row.destinationId }))
  const uncertain = rechecks || rows.some(({ state }) => state === 'sent')
  const looked = uncertain ? await recheck(earlier, destination) : earlier.map((): Verdict => 'planned')
  const verdicts = rows.map((row, index) => {
    const verdict = looked[index] ?? 'conflict'
    return verdict !== 'done' && failed.isUnnamed(row) ? 'unnamed' : verdict
  })
  const sending = rows.filter((_, index) => verdicts[index] === 'planned')
  await journal.mark(run, await marksOfSent(work, sending))
  const ends = await Promise.allSettled(
    rows.map(async (row, index): Promise<JournalMark> => {
      const verdict = verdicts[index] ?? 'conflict'
      const one = earlier[index]
      if (verdict === 'unnamed') return markOfUnnamed(row)
      return verdict === 'planned' && one !== undefined ? applyRow(row, one, work) : markOf(row, verdict)
    }),
  )
  const ended = rows.flatMap((row, index) => {
    const end = ends[index]
    return end?.status === 'fulfilled' ? [{ row, mark: end.value }] : []
  })
  for (const { row, mark } of ended) failed.note(row, { error: null, ...mark })
  const marks = ended.map(({ mark }) => mark)
  await journal.mark(run, marks)
  const failure = ends.find((end) => end.status === 'rejected')
  await work.onBatch(
    marks,
    ended.map(({ row }) => row),
  )
  if (failure !== undefined) throw failure.reason
}

function markOf({ seq }: JournalRow, verdict: Verdict): JournalMark {
  if (verdict !== 'conflict') return { seq, state: 'done' }
  return { seq, state: 'conflict', error: { code: 'changed-meanwhile', detail: '' } }
}

function markOfUnnamed({ seq }: JournalRow): JournalMark {
  return {
    seq,
    state: 'failed',
    error: { code: 'gone: unnamed', detail: 'its create or rename was not done' },
  }
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
    return { ...sent, ...codec.encodeBefore(row, attributesOf(record)) }
  })
}
