import type { Evaluation, EvaluationResult, Expression } from '../expressions/expressions.ts'
import { neededExpressions, type Situation } from '../diff/dataset-values.ts'
import type { SyncRecord, Values } from '../record.ts'
import { NO_VALUES } from '../record.ts'
import type { Dataset, Task } from '../task/task.ts'
import { renamedRecord } from './after-rename.ts'
import { datasetsFor, type PlanContext } from './plan-context.ts'

/** A record of the source and the one of the destination that it is, or will be. */
export type Pair = {
  readonly source: SyncRecord
  readonly destination: SyncRecord | null
  /** Names the pair within the run. */
  readonly key: string
  /** What it has to be called in the destination. */
  readonly name: string
}

/** A pair with what the diff needs: which attributes, what they hold on both sides. */
export type PreparedPair = Pair & {
  readonly operation: 'create' | 'update'
  readonly renames: boolean
  /** The destination's record as it will be after the rename. */
  readonly present: SyncRecord | null
  readonly datasets: readonly { readonly dataset: Dataset; readonly situation: Situation }[]
  readonly evaluation: Evaluation
  readonly wanted: readonly Expression[]
}

/**
 * Decides what kind of operation a pair is, and which expressions have to be evaluated for it: those whose values count, and no others. Null: it is in step, which
 * most are.
 */
export function preparePair(pair: Pair, context: PlanContext): PreparedPair | null {
  const { source, destination, name } = pair
  const { task, comparison, expressions } = context
  const creates = destination === null
  const renames = destination !== null && !comparison.sameName(destination.name, name)
  const mayRename = renames && task.conditions.rename !== false && task.phases.sync
  const present =
    destination !== null && mayRename ? renamedRecord(destination, name, comparison) : destination
  const isOpen = (dataset: Dataset): boolean => present === null || !isSame(dataset, source, present)
  const open = datasetsFor(context, source).filter(isOpen)
  const operation = creates ? 'create' : 'update'
  const condition = task.conditions[operation]
  const isInStep = !renames && open.length === 0 && typeof condition !== 'object'
  if (destination !== null && isInStep && !isBack(destination, context)) return null
  const datasets = open.map((dataset) => ({
    dataset,
    situation: {
      creates,
      source: sourceValues(dataset, source),
      destination: present?.values(dataset.attribute.toLowerCase()) ?? NO_VALUES,
    },
  }))
  const wanted = [
    ...(renames ? expressionIn(task.conditions.rename) : []),
    ...datasets.flatMap(({ dataset, situation }) => neededExpressions(dataset, situation)),
  ]
  const evaluation: Evaluation = {
    scope: { source, destination, attributes: attributesOf(datasets, context) },
    // A rename has a condition of its own, so that the update's must not keep it from being asked.
    ...(typeof condition === 'object' && !renames && { condition: expressions.indexOf(condition) }),
    wanted: [...(renames ? expressionIn(condition) : []), ...wanted].map((one) => expressions.indexOf(one)),
  }
  return {
    ...pair,
    operation,
    renames,
    present,
    datasets,
    evaluation,
    wanted: [...(renames ? expressionIn(condition) : []), ...wanted],
  }
}

/** Whether there is nothing to do for an attribute, seen without its values. */
function isSame(
  { from, attribute, policy, force, default: fallback, delimiter, references }: Dataset,
  source: SyncRecord,
  present: SyncRecord,
): boolean {
  if (!('attribute' in from) || force !== null || delimiter !== '' || references !== null) return false
  if (policy === 'merge' && fallback !== null) return false
  return source.hasSame?.(from.attribute, present, attribute) ?? false
}

function isBack({ id }: SyncRecord, { departures }: PlanContext): boolean {
  return departures.size > 0 && departures.has(id)
}

/** The results of a pair's expressions, by expression. Throws `ExpressionFailed` when one that counts has failed. */
export function resultsOf(pair: PreparedPair, result: EvaluationResult): (expression: Expression) => Values {
  const values = new Map<Expression, Values>()
  for (const [index, one] of result.results.entries()) {
    const expression = pair.wanted[index]
    if (expression === undefined) continue
    if ('failed' in one) throw new ExpressionFailed(expression.place, one.failed)
    values.set(expression, one.values)
  }
  return (expression) => values.get(expression) ?? NO_VALUES
}

export class ExpressionFailed extends Error {
  override readonly name = 'ExpressionFailed'
  readonly place: string
  constructor(place: string, detail: string) {
    super(detail)
    this.place = place
  }
}

/** What a condition says, once its expression was evaluated. */
export function holds(
  condition: Task['conditions']['create'],
  valuesOf: (expression: Expression) => Values,
): boolean {
  return typeof condition === 'boolean' ? condition : valuesOf(condition).length > 0
}

function sourceValues({ from }: Dataset, source: SyncRecord): Values {
  return 'attribute' in from ? source.values(from.attribute.toLowerCase()) : NO_VALUES
}

const NO_ATTRIBUTES: ReadonlyMap<number, string> = new Map()

function attributesOf(
  datasets: PreparedPair['datasets'],
  { expressions }: PlanContext,
): ReadonlyMap<number, string> {
  if (datasets.length === 0) return NO_ATTRIBUTES
  const attributes = new Map<number, string>()
  for (const { dataset, situation } of datasets)
    for (const expression of neededExpressions(dataset, situation))
      attributes.set(expressions.indexOf(expression), dataset.attribute.toLowerCase())
  return attributes
}

function expressionIn(condition: Expression | boolean): Expression[] {
  return typeof condition === 'object' ? [condition] : []
}
