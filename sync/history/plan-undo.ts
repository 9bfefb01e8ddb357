import type { JournalRow } from '../../src/store/sync-journal.ts'
import { markConflicts } from '../apply/mark-conflicts.ts'
import { applied } from '../apply/recheck.ts'
import type { Comparison } from '../connectors/connector.ts'
import type { Attributes, Change, PlannedChange } from '../plan/change.ts'
import { keepCounts } from '../run/run-counts.ts'
import { createPlanWriter } from '../run/plan-writer.ts'
import type { PlannedRun, Planning } from '../run/plan-run.ts'
import { createJournalCodec, type JournalCodec } from './journal-codec.ts'

const PAGE = 500
/** Beyond every stage, and every operation of a feed's run, so that what came last is taken back first. */
const LAST_STAGE = 10_000_000

/**
 * Plans the inverse of everything that a run has done. Each operation knows what the record must look like now: where somebody has changed it since, the undo is a
 * conflict and leaves it alone. A deleted entry comes back with its attributes, under a new id. Deletes of whole subtrees cannot be undone, and are told.
 */
export async function planUndo(planning: Planning, undone: string): Promise<PlannedRun> {
  const { run, services, sides, onProgress } = planning
  const { comparison } = sides.destination
  const codecOf = (id: string): JournalCodec =>
    createJournalCodec(services.sealer, { tenant: run.tenant, run: id })
  const codec = codecOf(undone)
  const writer = createPlanWriter(services.journal, codecOf(run.id), run.id)
  const keeper = keepCounts()
  // What a feed brings comes one after the other, whatever the stages: an entry may have been deleted and made again.
  const isOrdered = (await services.runs.read(run.tenant, undone))?.kind === 'incremental'
  let after = { stage: -1, seq: -1 }
  for (;;) {
    const rows = await services.journal.next(undone, after, PAGE, ['done'])
    const last = rows.at(-1)
    if (last === undefined) break
    after = { stage: last.stage, seq: last.seq }
    const changes = rows.flatMap((row) => {
      const inverse = inverseOf(row, codec, comparison)
      return inverse === null ? [] : [{ ...inverse, stage: LAST_STAGE - (isOrdered ? row.seq : row.stage) }]
    })
    const findings = rows
      .filter((row) => row.change.subtree === true)
      .map((row) => ({ kind: 'unusable', subject: row.name, column: null, detail: 'subtree' }) as const)
    const step = { records: rows.length, changes, findings, withdrawn: [] }
    keeper.planned(step)
    await writer.add(step)
    await onProgress(keeper.counts)
  }
  await writer.end()
  const conflicts = run.preview
    ? await markConflicts(run.id, services.journal, codecOf(run.id), sides.destination)
    : 0
  return { counts: { ...keeper.counts, conflicts }, guards: [] }
}

function inverseOf(
  row: JournalRow,
  codec: JournalCodec,
  comparison: Comparison,
): Omit<PlannedChange, 'stage'> | null {
  const decoded = codec.decode(row)
  const inverse = inverseChange(decoded.change, decoded.before, comparison)
  if (inverse === null) return null
  const { change, before } = inverse
  const isNew = change.kind === 'create' || row.destinationId === null
  return {
    change,
    source: null,
    destination: isNew ? null : { id: row.destinationId ?? '', name: change.name },
    key: row.key,
    before,
    why: new Map([...before.keys(), 'dn'].map((name) => [name, { rule: 'undo', from: null }])),
  }
}

function inverseChange(
  change: Change,
  before: Attributes,
  comparison: Comparison,
): { change: Change; before: Attributes } | null {
  const { kind, name } = change
  const none: Attributes = new Map()
  switch (kind) {
    case 'create':
      return { change: { kind: 'delete', name, subtree: false }, before: change.attributes }
    case 'delete': {
      const attributes = new Map([...before].filter(([attribute]) => comparison.isWritable(attribute)))
      return change.subtree ? null : { change: { kind: 'create', name, attributes }, before: none }
    }
    case 'rename':
      return { change: { kind: 'rename', name: change.to, to: name }, before: none }
    case 'disable':
      return { change: { kind: 'enable', name }, before: none }
    case 'enable':
      return { change: { kind: 'disable', name }, before: none }
    case 'update': {
      const after = applied(before, change.modifications, comparison)
      const modifications = [...after.keys()].map((attribute) => ({
        operation: 'replace' as const,
        attribute,
        values: before.get(attribute) ?? [],
      }))
      return { change: { kind: 'update', name, modifications }, before: after }
    }
  }
}
