import type { Expression } from '../expressions/expressions.ts'
import type { Why } from '../plan/change.ts'
import { NO_VALUES, type Values } from '../record.ts'
import type { Dataset } from '../task/task.ts'
import { splitValues } from './split-values.ts'

/** What is known of one attribute of a pair before any expression runs. */
export type Situation = {
  readonly creates: boolean
  /** The source's values, when they come from an attribute. */
  readonly source: Values
  readonly destination: Values
}

/** The expressions whose values `datasetValues` will ask for, and no others: sequences count each evaluation. */
export function neededExpressions(
  dataset: Dataset,
  { creates, source, destination }: Situation,
): Expression[] {
  if (dataset.policy === 'keep' && destination.length > 0) return []
  if (dataset.force !== null) return [...dataset.force]
  const computed = 'expression' in dataset.from ? [dataset.from.expression] : []
  const fallback = (creates ? dataset.create : dataset.default) ?? []
  // Whether a computed value is empty is known too late to ask again.
  const usesFallback = source.length === 0 || dataset.policy === 'merge'
  return usesFallback ? [...computed, ...fallback] : computed
}

/** `null`: the attribute is left as it is. */
export type DatasetValues = { readonly values: Values; readonly why: Why } | null

/**
 * The values that an attribute should have (LSC's truth table: 15 settings, 7 situations). `evaluated` gives the values of an expression that
 * `neededExpressions` named.
 */
export function datasetValues(
  dataset: Dataset,
  { creates, source, destination }: Situation,
  evaluated: (expression: Expression) => Values,
): DatasetValues {
  if (dataset.policy === 'keep' && destination.length > 0) return null
  const result = (values: Values, rule: Why['rule'], from: string | null): DatasetValues => ({
    values: splitValues(values, dataset.delimiter),
    why: { rule, from },
  })
  const all = (expressions: readonly Expression[]): Values =>
    expressions.flatMap((one) => [...evaluated(one)])
  const placeOf = (expressions: readonly Expression[]): string | null => expressions[0]?.place ?? null
  if (dataset.force !== null) return result(all(dataset.force), 'force', placeOf(dataset.force))

  const own = 'expression' in dataset.from ? evaluated(dataset.from.expression) : source
  const from = 'expression' in dataset.from ? dataset.from.expression.place : dataset.from.attribute
  const fallback = creates ? dataset.create : dataset.default
  if (own.length > 0 && dataset.policy !== 'merge') return result(own, 'source', from)
  const added = fallback === null ? NO_VALUES : all(fallback)
  const values = own.length === 0 ? added : [...own, ...added]
  // What was only meant for the beginning is not taken away because the source has nothing to say.
  if (values.length === 0 && !creates && dataset.create !== null) return null
  if (own.length > 0 || fallback === null) return result(values, 'source', from)
  return result(values, creates ? 'create' : 'default', placeOf(fallback))
}
