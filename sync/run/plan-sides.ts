import type { RunCounts } from '../../src/store/sync-runs.ts'
import type { Source, Wanted } from '../connectors/connector.ts'
import { DestinationIndex } from '../match/destination-index.ts'
import { markPresent, planGone, planSource } from '../plan/plan-all.ts'
import type { PlanStep } from '../plan/plan-batch.ts'
import type { SyncRecord } from '../record.ts'
import type { Task } from '../task/task.ts'
import { faultyRecords, type FaultyRecords, nobodyIsGone } from './faulty-records.ts'
import type { Sides } from './open-sides.ts'
import type { PreparedTask } from './prepare-task.ts'

/** What a whole plan is made of, whether it goes into a journal or stays in memory. */
export type SidesToPlan = {
  readonly task: Task
  readonly sides: Pick<Sides, 'source' | 'destination' | 'presence'>
  readonly prepared: Omit<PreparedTask, 'away'>
  readonly signal: AbortSignal
  readonly clock: () => Date
  /** Takes the plan, step by step. */
  readonly add: (step: PlanStep) => Promise<void>
  readonly count: (figures: Partial<Pick<RunCounts, 'source' | 'destination'>>) => void
}

/**
 * Reads both sides and plans the difference; gives how many records leave. The destination is kept in memory, the source is not. Throws `IncompleteSource` when a side
 * could not be read to its end.
 */
export async function planSides(given: SidesToPlan): Promise<number> {
  const { task, sides, count } = given
  const index = await readDestination(given)
  count({ destination: index.size })
  const work = { ...given, index, faulty: faultyRecords() }
  await planThere(work)
  // Not before: what is only known to be there is nobody's to be matched with.
  if (sides.presence !== null) await markAll(sides.presence, work)
  await tell(work)
  return task.phases.clean ? await planGoneFrom(work) : 0
}

type Work = SidesToPlan & { readonly index: DestinationIndex; readonly faulty: FaultyRecords }

/** Who is in this source is not gone. */
async function markAll(source: Source, { task, prepared, signal, index, faulty }: Work): Promise<number> {
  const attributes = task.pivots.map((pivot) => pivot.source.toLowerCase())
  const options: Wanted = { attributes, signal, onFault: faulty.note }
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
  const { task, sides, prepared, signal, index, faulty, add, count } = work
  const { context, expressions, wanted } = prepared
  if (!task.phases.sync) {
    if (task.phases.clean) count({ source: await markAll(sides.source, work) })
    return
  }
  const options: Wanted = { attributes: wanted.source, signal, onFault: faulty.note }
  let source = 0
  for await (const step of planSource(sides.source.read(options), context, expressions, index)) {
    source += step.records
    count({ source })
    if (step.hasUnknown === true) faulty.noteUnknown()
    await add(step)
    await tell(work)
  }
}

async function tell({ add, faulty }: Work, findings = faulty.findings()): Promise<void> {
  if (findings.length > 0) await add({ records: 0, changes: [], withdrawn: [], findings })
}

/** Plans what the source does not have any more, and gives how many those are. */
async function planGoneFrom(work: Work): Promise<number> {
  const { task, prepared, clock, index, faulty, add } = work
  const { context, expressions } = prepared
  if (!(await faulty.markPresent(context, expressions, index))) {
    await tell(work, [nobodyIsGone(task.name)])
    return 0
  }
  let departures = 0
  for await (const step of planGone(context, expressions, index, clock())) {
    departures += step.changes.length
    await add(step)
  }
  return departures
}

/**
 * Everything at the destination, also what this task has moved away: who comes back is moved back, who is gone for long enough is deleted there.
 */
async function readDestination({ task, sides, prepared, signal }: SidesToPlan): Promise<DestinationIndex> {
  const { destination } = sides
  const attributes = prepared.wanted.destination
  const index = new DestinationIndex(task.pivots, destination.comparison)
  const away = new Set(prepared.context.departures.keys())
  for await (const record of destination.read({ attributes, signal })) {
    index.add(record)
    // An id is not read where nobody asks for it: there are a million of them.
    if (away.size > 0) away.delete(record.id)
  }
  if (away.size > 0) for (const record of await destination.reread([...away], attributes)) index.add(record)
  return index
}
