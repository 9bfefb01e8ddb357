import type { Run, RunCounts } from '../../src/store/sync-runs.ts'
import type { Source } from '../connectors/connector.ts'
import { guardFindings } from '../guard/guard.ts'
import { createJournalCodec } from '../history/journal-codec.ts'
import { DestinationIndex } from '../match/destination-index.ts'
import { markPresent, planGone, planSource } from '../plan/plan-all.ts'
import type { PlanStep } from '../plan/plan-batch.ts'
import type { SyncRecord } from '../record.ts'
import { faultyRecords, type FaultyRecords, nobodyIsGone } from './faulty-records.ts'
import { type CountKeeper, keepCounts } from './run-counts.ts'
import { createPlanWriter, type PlanWriter } from './plan-writer.ts'
import { keptTeller } from './tell-who-kept.ts'
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
  const { expressions, writer, keeper } = prepared
  try {
    const index = await readDestination(planning, prepared)
    keeper.set({ destination: index.size })
    const work = { planning, prepared, index, faulty: faultyRecords() }
    await planThere(work)
    // Not before: what is only known to be there is nobody's to be matched with.
    if (sides.presence !== null) await markAll(sides.presence, work)
    const departures = task.phases.clean ? await planGoneFrom(work) : 0
    keeper.withdrawn(await writer.end())
    const { counts } = keeper
    const sourceBefore = await services.runs.lastSourceCount(run.tenant, run.task)
    const figures = { ...counts, departures, sourceBefore }
    return { counts, guards: guardFindings(figures, task.guards) }
  } finally {
    await expressions.close()
  }
}

type Work = {
  readonly planning: Planning
  readonly prepared: PreparedPlan
  readonly index: DestinationIndex
  readonly faulty: FaultyRecords
}

/** Who is in this source is not gone. */
async function markAll(source: Source, { planning, prepared, index, faulty }: Work): Promise<number> {
  const pivots = planning.task.pivots.map((pivot) => pivot.source.toLowerCase())
  const options = { ...readOptions(planning, pivots), onFault: faulty.note }
  let count = 0
  async function* counted(): AsyncGenerator<SyncRecord> {
    for await (const record of source.read(options)) {
      count++
      yield record
    }
  }
  if (!(await markPresent(counted(), prepared.context, prepared.expressions, index))) faulty.noteUnknown()
  return count
}

/** Plans what the source has; a task that only cleans up has to know no more than who that is. */
async function planThere(work: Work): Promise<void> {
  const { planning, prepared, index, faulty } = work
  const { context, expressions, wanted, keeper, add } = prepared
  const { task, sides } = planning
  if (!task.phases.sync) {
    if (task.phases.clean) keeper.set({ source: await markAll(sides.source, work) })
    return await tell(work)
  }
  const options = { ...readOptions(planning, wanted.source), onFault: faulty.note }
  let source = 0
  for await (const step of planSource(sides.source.read(options), context, expressions, index)) {
    source += step.records
    keeper.set({ source })
    if (step.hasUnknown === true) faulty.noteUnknown()
    await add(step)
    await tell(work)
  }
  await tell(work)
}

async function tell({ prepared, faulty }: Work, findings = faulty.findings()): Promise<void> {
  if (findings.length > 0) await prepared.add({ records: 0, changes: [], withdrawn: [], findings })
}

/** Plans what the source does not have any more, and gives how many those are. */
async function planGoneFrom(work: Work): Promise<number> {
  const { planning, prepared, index, faulty } = work
  const { context, expressions, add } = prepared
  if (!(await faulty.markPresent(context, expressions, index))) {
    await tell(work, [nobodyIsGone(planning.task.name)])
    return 0
  }
  let departures = 0
  for await (const step of planGone(context, expressions, index, planning.services.clock())) {
    departures += step.changes.length
    await add(step)
  }
  return departures
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
  const tellKept = keptTeller(planning)
  return {
    ...prepared,
    writer,
    keeper,
    async add(step) {
      keeper.planned(step)
      await writer.add({ ...step, findings: await tellKept(step.findings) })
      await onProgress(keeper.counts)
    },
  }
}

function readOptions(
  { signal }: Planning,
  attributes: readonly string[] | 'all',
): Parameters<Source['read']>[0] {
  return { attributes, signal }
}
