import type { Run, RunCounts } from '../../src/store/sync-runs.ts'
import { guardFindings } from '../guard/guard.ts'
import { createJournalCodec } from '../history/journal-codec.ts'
import type { PlanStep } from '../plan/plan-batch.ts'
import { planSides } from './plan-sides.ts'
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
  const { task, services, run } = planning
  const prepared = await preparePlan(planning)
  const { expressions, writer, keeper } = prepared
  try {
    const { clock } = services
    const departures = await planSides({
      ...planning,
      prepared,
      clock,
      add: prepared.add,
      count: (figures) => keeper.set(figures),
    })
    keeper.withdrawn(await writer.end())
    const { counts } = keeper
    const sourceBefore = await services.runs.lastSourceCount(run.tenant, run.task)
    const figures = { ...counts, departures, sourceBefore }
    return { counts, guards: guardFindings(figures, task.guards) }
  } finally {
    await expressions.close()
  }
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
