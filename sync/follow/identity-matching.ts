import type { Identity } from '../../src/store/sync-state.ts'
import type { Matching } from '../match/destination-index.ts'
import type { SyncRecord } from '../record.ts'
import { lookUp } from '../run/plan-entry.ts'
import type { PreparedTask, TaskAtWork } from '../run/prepare-task.ts'

/**
 * What a few records of the source are matched with: the record that each was before, whatever became of its pivots; else what is found by them. At most one search a
 * pivot and one by ids, for all of them.
 */
export async function matchingOf(
  records: readonly SyncRecord[],
  work: TaskAtWork,
  prepared: PreparedTask,
): Promise<Matching> {
  const { services, sides, task } = work
  const ids = records.map(({ id }) => id)
  const identities = await services.state.identities(task.tenant, task.name, ids)
  const known = await knownRecords([...identities.values()], sides, prepared)
  const others = records.filter(({ id }) => !known.has(identities.get(id)?.destinationId ?? ''))
  const matching = await lookUp(others, work, prepared)
  return {
    match(values, source) {
      const record = known.get(identities.get(source.id)?.destinationId ?? '')
      return record === undefined ? matching.match(values, source) : { type: 'found', record, key: source.id }
    },
  }
}

async function knownRecords(
  identities: readonly Identity[],
  { destination }: TaskAtWork['sides'],
  { wanted }: PreparedTask,
): Promise<ReadonlyMap<string, SyncRecord>> {
  if (identities.length === 0) return new Map()
  const ids = identities.map(({ destinationId }) => destinationId)
  const records = await destination.reread(ids, wanted.destination)
  return new Map(records.map((record) => [record.id, record]))
}
