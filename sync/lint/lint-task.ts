import { withoutCounting } from '../expressions/without-counting.ts'
import type { SyncRecord } from '../record.ts'
import { prepareTask, type TaskAtWork } from '../run/prepare-task.ts'
import type { SyncServices } from '../run/sync-services.ts'
import type { Task } from '../task/task.ts'
import type { LintFinding } from './lint-finding.ts'
import { lintPlan } from './planned-rules.ts'
import { lintSource } from './sampled-rules.ts'
import { lintWritten } from './written-rules.ts'

/** Records of the source that are looked at. */
const SAMPLE = 1_000

/**
 * Looks for faults of a task's mapping: in what it says, in what the schema and the indexes of the destination say about it, and in what it would make of the first
 * records of the source. Writes nothing. Throws `IncompleteSource` when a side does not answer.
 */
export async function lintTask(
  task: Task,
  services: SyncServices,
  signal: AbortSignal,
): Promise<LintFinding[]> {
  const sides = await services.openSides(task)
  try {
    const looking = { ...sides, scripts: withoutCounting(sides.scripts) }
    const work = { task, sides: looking, services, signal }
    const prepared = await prepareTask(work)
    try {
      const { sample, unusable } = await readSample(work)
      return [
        ...lintWritten(task, sides.destination.comparison),
        ...(await lintIndexes(work)),
        ...lintSource(task, sample),
        ...unusable,
        ...(await lintPlan(sample, work, prepared)),
      ]
    } finally {
      await prepared.expressions.close()
    }
  } finally {
    await sides.close()
  }
}

async function readSample({
  sides,
  signal,
}: TaskAtWork): Promise<{ sample: SyncRecord[]; unusable: LintFinding[] }> {
  const sample: SyncRecord[] = []
  const faults: { place: string; text: string }[] = []
  const onFault = (fault: { place: string; text: string }): void => void faults.push(fault)
  for await (const record of sides.source.read({ attributes: 'all', signal, onFault })) {
    sample.push(record)
    if (sample.length >= SAMPLE) break
  }
  const [fault] = faults
  const unusable: LintFinding[] =
    fault === undefined
      ? []
      : [
          {
            code: 'unusable',
            params: { subject: fault.place, count: faults.length, detail: fault.text },
          },
        ]
  return { sample, unusable }
}

async function lintIndexes({ task, sides: { destination } }: TaskAtWork): Promise<LintFinding[]> {
  const findings: LintFinding[] = []
  for (const { destination: attribute } of task.pivots)
    if ((await destination.isIndexed?.(attribute)) === false)
      findings.push({ code: 'pivot-not-indexed', params: { attribute } })
  return findings
}
