import type { Comparison } from '../connectors/connector.ts'
import type { SyncRecord } from '../record.ts'
import type { TaskExpressions } from '../task/compile-task.ts'
import type { Dataset, Task } from '../task/task.ts'
import type { AccountAttributes } from './account-attributes.ts'
import type { Translate } from './references.ts'

export type Departures = ReadonlyMap<string, Date>

/** What is the same for every pair of a run. */
export type PlanContext = {
  readonly task: Task
  readonly expressions: TaskExpressions
  readonly comparison: Comparison
  /** By lower-cased attribute. */
  readonly datasets: ReadonlyMap<string, Dataset>
  readonly translate: Translate
  /** What the service desk owns at the destination; null where the task says that it writes it. */
  readonly account: AccountAttributes | null
  /** Since when a record of the destination is gone from the source, by its id: of soft deletes. */
  readonly departures: Departures
}

/** The rules for a pair: with LSC's `*`, also one for each attribute that the source has. */
export function datasetsFor(
  { task, datasets }: Pick<PlanContext, 'task' | 'datasets'>,
  source: SyncRecord,
): readonly Dataset[] {
  if (!task.everyAttribute) return task.datasets
  const sourceNames = source.names()
  const isRule = ({ force, create, default: fallback, from }: Dataset): boolean =>
    force !== null || create !== null || fallback !== null || 'expression' in from
  const ruled = task.datasets.filter(
    (dataset) => isRule(dataset) || sourceNames.includes(dataset.attribute.toLowerCase()),
  )
  const copied = sourceNames.filter((name) => !datasets.has(name)).map((name) => copyOf(task, name))
  return [...ruled, ...copied]
}

function copyOf({ otherwise }: Task, attribute: string): Dataset {
  return {
    attribute,
    ...otherwise,
    from: { attribute },
    force: null,
    create: null,
    default: null,
    references: null,
  }
}
