import type { SyncRecord } from '../record.ts'
import type { Expressions } from '../expressions/expressions.ts'
import type { DestinationIndex } from '../match/destination-index.ts'
import { planBatch, type PlanStep, pivotValues } from './plan-batch.ts'
import { planClean } from './plan-clean.ts'
import type { PlanContext } from './plan-context.ts'

/** Records of the source that are planned together: scripts are called once for all of them. */
const BATCH = 256

/** Plans everything that the source has, in constant memory beside the index. */
export async function* planSource(
  source: AsyncIterable<SyncRecord>,
  context: PlanContext,
  expressions: Expressions,
  index: DestinationIndex,
): AsyncGenerator<PlanStep> {
  for await (const batch of batches(source)) yield await planBatch(batch, context, expressions, index)
}

/** Plans what the source does not have any more. */
export async function* planGone(
  context: PlanContext,
  expressions: Expressions,
  index: DestinationIndex,
  now: Date,
): AsyncGenerator<PlanStep> {
  for await (const batch of batches(index.unmatched()))
    yield await planClean(batch, context, expressions, now)
}

/** Takes note of what is somewhere else in the source, so that it does not count as gone. False: of some of it nobody knows who that is. */
export async function markPresent(
  presence: AsyncIterable<SyncRecord>,
  context: PlanContext,
  expressions: Expressions,
  index: DestinationIndex,
): Promise<boolean> {
  let areAllKnown = true
  for await (const batch of batches(presence))
    for (const { values, failed } of await pivotValues(batch, context, expressions)) {
      if (failed !== null) areAllKnown = false
      index.mark(values)
    }
  return areAllKnown
}

/** Records in groups that are evaluated together. */
export async function* batches(
  records: AsyncIterable<SyncRecord> | Iterable<SyncRecord>,
): AsyncGenerator<SyncRecord[]> {
  let batch: SyncRecord[] = []
  for await (const record of records) {
    batch.push(record)
    if (batch.length < BATCH) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}
