import type { Run, RunCounts } from '../../src/store/sync-runs.ts'
import type { RecordFault, Source } from '../connectors/connector.ts'
import { guardFindings } from '../guard/guard.ts'
import { createJournalCodec } from '../history/journal-codec.ts'
import { DestinationIndex } from '../match/destination-index.ts'
import type { Finding } from '../plan/change.ts'
import { markPresent, planGone, planSource } from '../plan/plan-all.ts'
import type { PlanStep } from '../plan/plan-batch.ts'
import { type CountKeeper, keepCounts } from './run-counts.ts'
import { createPlanWriter, type PlanWriter } from './plan-writer.ts'
import { prepareTask, type PreparedTask, type TaskAtWork } from './prepare-task.ts'

/** A plan in the journal, and whether it may be applied without being looked at. */
export type PlannedRun = { readonly counts: RunCounts; readonly guards: Run['guards'] }

export type Planning = TaskAtWork & {
  readonly run: Run
  /** Told of progress now and then; throws to stop. */
  readonly onProgress: (counts: RunCounts) => Promise<void>
}

/**
 * Reads both sides and writes the difference into the run's journal. The destination is kept in memory, the source is not. Throws `IncompleteSource` when a
 * side could not be read to its end: what is in the journal by then must not be applied.
 */
export async function planRun(planning: Planning): Promise<PlannedRun> {
  const { task, sides, services, run } = planning
  const prepared = await preparePlan(planning)
  const { context, expressions, writer, keeper, add } = prepared
  try {
    const index = await readDestination(planning, prepared)
    keeper.set({ destination: index.size })
    if (sides.presence !== null) {
      const pivots = task.pivots.map(({ source }) => source.toLowerCase())
      await markPresent(sides.presence.read(readOptions(planning, pivots)), context, expressions, index)
    }
    let departures = 0
    let source = 0
    if (task.phases.sync) {
      for await (const step of planSource(readSource(planning, prepared), context, expressions, index)) {
        source += step.records
        keeper.set({ source })
        await add(step)
      }
    }
    if (task.phases.clean) {
      for await (const step of planGone(context, expressions, index, services.clock())) {
        departures += step.changes.length
        await add(step)
      }
    }
    keeper.withdrawn(await writer.end())
    const { counts } = keeper
    const sourceBefore = await services.runs.lastSourceCount(run.tenant, run.task)
    const figures = { ...counts, departures, sourceBefore }
    return { counts, guards: guardFindings(figures, task.guards) }
  } finally {
    await expressions.close()
  }
}

/**
 * Everything at the destination, also what this task has moved away: who comes back is moved back, who is gone for long enough is deleted there.
 */
async function readDestination(
  planning: Planning,
  { context, wanted }: PreparedPlan,
): Promise<DestinationIndex> {
  const { task, sides } = planning
  const index = new DestinationIndex(task.pivots, sides.destination.comparison)
  const away = new Set(context.departures.keys())
  for await (const record of sides.destination.read(readOptions(planning, wanted.destination))) {
    index.add(record)
    away.delete(record.id)
  }
  if (away.size > 0)
    for (const record of await sides.destination.reread([...away], wanted.destination)) index.add(record)
  return index
}

/** A plan that goes to the journal of a run. */
export type PreparedPlan = PreparedTask & {
  readonly writer: PlanWriter
  readonly keeper: CountKeeper
  readonly add: (step: PlanStep) => Promise<void>
}

export async function preparePlan(planning: Planning): Promise<PreparedPlan> {
  const { run, services, onProgress } = planning
  const prepared = await prepareTask(planning)
  const codec = createJournalCodec(services.sealer, { tenant: run.tenant, run: run.id })
  const writer = createPlanWriter(services.journal, codec, run.id)
  const keeper = keepCounts()
  return {
    ...prepared,
    writer,
    keeper,
    async add(step) {
      keeper.planned(step)
      await writer.add(step)
      await onProgress(keeper.counts)
    },
  }
}

function readSource(planning: Planning, { wanted, add }: PreparedPlan) {
  const faults: Promise<void>[] = []
  const onFault = (fault: RecordFault): void => {
    faults.push(add({ records: 0, changes: [], withdrawn: [], findings: [unusable(fault)] }))
  }
  return planning.sides.source.read({ ...readOptions(planning, wanted.source), onFault })
}

function unusable({ place, column, text }: RecordFault): Finding {
  return { kind: 'unusable', subject: place, column: column ?? null, detail: text }
}

function readOptions(
  { signal }: Planning,
  attributes: readonly string[] | 'all',
): Parameters<Source['read']>[0] {
  return { attributes, signal }
}
