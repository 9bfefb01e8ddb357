import { DestinationIndex } from '../match/destination-index.ts'
import { planBatch, pivotValues } from '../plan/plan-batch.ts'
import type { SyncRecord } from '../record.ts'
import { type PlannedRun, type Planning, preparePlan } from './plan-run.ts'
import type { PreparedTask, TaskAtWork } from './prepare-task.ts'

/** Plans the records of the source that have this value, and leaves all others alone. */
export async function planEntry(
  planning: Planning,
  { attribute, value }: { attribute: string; value: string },
): Promise<PlannedRun> {
  const prepared = await preparePlan(planning)
  const { context, expressions, writer, keeper, add } = prepared
  try {
    const records = await findInSource(planning, prepared, { attribute, value })
    const matching = await lookUp(records, planning, prepared)
    keeper.set({ source: records.length, destination: matching.size })
    await add(await planBatch(records, context, expressions, matching))
    keeper.withdrawn(await writer.end())
    return { counts: keeper.counts, guards: [] }
  } finally {
    await expressions.close()
  }
}

async function findInSource(
  { sides, signal }: TaskAtWork,
  { wanted }: PreparedTask,
  { attribute, value }: { attribute: string; value: string },
): Promise<readonly SyncRecord[]> {
  const options = { attributes: withName(wanted.source, attribute), signal }
  if (sides.source.find !== undefined) return await sides.source.find(attribute, [value], options)
  const records: SyncRecord[] = []
  for await (const record of sides.source.read(options))
    if (record.values(attribute).some((one) => one.toString() === value)) records.push(record)
  return records
}

function withName(names: readonly string[] | 'all', name: string): readonly string[] | 'all' {
  return names === 'all' ? 'all' : [...new Set([...names, name.toLowerCase()])]
}

/** The destination's records of a few of the source's, by one search a pivot. */
export async function lookUp(
  records: readonly SyncRecord[],
  { task, sides, signal }: TaskAtWork,
  { context, expressions, wanted, away }: PreparedTask,
): Promise<DestinationIndex> {
  const index = new DestinationIndex(task.pivots, sides.destination.comparison)
  const pivots = await pivotValues(records, context, expressions)
  const known = new Set<string>()
  for (const [level, { destination }] of task.pivots.entries()) {
    const asked = [...new Set(pivots.flatMap(({ values }) => values[level] ?? []))]
    const options = { attributes: wanted.destination, signal }
    const found = asked.length === 0 ? [] : await findIn(sides.destination, destination, asked, options)
    for (const record of found) {
      if (!known.has(record.id)) index.add(record)
      known.add(record.id)
    }
  }
  for (const record of await away()) if (!known.has(record.id)) index.add(record)
  return index
}

async function findIn(
  destination: TaskAtWork['sides']['destination'],
  attribute: string,
  values: readonly string[],
  options: { attributes: readonly string[] | 'all'; signal: AbortSignal },
): Promise<readonly SyncRecord[]> {
  if (destination.find !== undefined) return await destination.find(attribute, values, options)
  const wanted = new Set(values.map((value) => destination.comparison.key(attribute, value)))
  const records: SyncRecord[] = []
  for await (const record of destination.read(options))
    if (record.values(attribute).some((one) => wanted.has(destination.comparison.key(attribute, one))))
      records.push(record)
  return records
}
