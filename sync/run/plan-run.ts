import type { Run, RunCounts } from '../../src/store/sync-runs.ts'
import type { RecordFault, Source } from '../connectors/connector.ts'
import { compileExpressions } from '../expressions/compile.ts'
import type { Expressions } from '../expressions/expressions.ts'
import { guardFindings } from '../guard/guard.ts'
import { createJournalCodec } from '../history/journal-codec.ts'
import { DestinationIndex } from '../match/destination-index.ts'
import { accountAttributes } from '../plan/account-attributes.ts'
import type { Finding } from '../plan/change.ts'
import { markPresent, planGone, planSource } from '../plan/plan-all.ts'
import type { PlanStep } from '../plan/plan-batch.ts'
import type { PlanContext } from '../plan/plan-context.ts'
import { expressionsOf, wantedAttributes, type WantedAttributes } from '../task/compile-task.ts'
import type { Task } from '../task/task.ts'
import { keepCounts } from './run-counts.ts'
import type { Sides } from './open-sides.ts'
import { createPlanWriter, type PlanWriter } from './plan-writer.ts'
import { readReferences } from './read-references.ts'
import type { SyncServices } from './sync-services.ts'

/** A plan in the journal, and whether it may be applied without being looked at. */
export type PlannedRun = { readonly counts: RunCounts; readonly guards: Run['guards'] }

export type Planning = {
  readonly run: Run
  readonly task: Task
  readonly sides: Sides
  readonly services: SyncServices
  readonly signal: AbortSignal
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
  const { context, expressions, wanted, writer, keeper, add } = prepared
  try {
    const index = new DestinationIndex(task.pivots, sides.destination.comparison)
    for await (const record of sides.destination.read(readOptions(planning, wanted.destination)))
      index.add(record)
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

/** What every way of planning needs: a whole run, one entry, the changes since a token. */
export type PreparedPlan = {
  readonly context: PlanContext
  readonly expressions: Expressions
  readonly wanted: WantedAttributes
  readonly writer: PlanWriter
  readonly keeper: ReturnType<typeof keepCounts>
  readonly add: (step: PlanStep) => Promise<void>
}

export async function preparePlan(planning: Planning): Promise<PreparedPlan> {
  const { run, task, sides, services, onProgress } = planning
  const places = expressionsOf(task)
  const reads = Object.keys(sides.scripts).length > 0 ? { reads: sides.scripts } : {}
  const expressions = await compileExpressions(places.list, { includes: task.includes, ...reads })
  const context: PlanContext = {
    task,
    expressions: places,
    comparison: sides.destination.comparison,
    datasets: new Map(task.datasets.map((dataset) => [dataset.attribute.toLowerCase(), dataset])),
    translate: await readReferences(planning),
    account:
      task.ownsAccountState || sides.accountKind === null ? null : accountAttributes[sides.accountKind],
    departures: await services.state.departures(run.tenant, run.task),
  }
  const codec = createJournalCodec(services.sealer, { tenant: run.tenant, run: run.id })
  const writer = createPlanWriter(services.journal, codec, run.id)
  const keeper = keepCounts()
  return {
    context,
    expressions,
    wanted: wantedAttributes(task),
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
