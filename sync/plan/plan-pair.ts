import { datasetValues } from '../diff/dataset-values.ts'
import { distinctValues, haveSameValues, keysBy, modificationsOf } from '../diff/modifications.ts'
import type { EvaluationResult, Expression } from '../expressions/expressions.ts'
import { NO_VALUES, type Values } from '../record.ts'
import type { Dataset } from '../task/task.ts'
import { namingValues } from './after-rename.ts'
import type { Change, Finding, Modification, PlannedChange, Why } from './change.ts'
import { ExpressionFailed, holds, type PreparedPair, resultsOf } from './pair.ts'
import type { PlanContext } from './plan-context.ts'
import { stageOf } from './stage.ts'

export type PairPlan = { readonly changes: readonly PlannedChange[]; readonly findings: readonly Finding[] }

const NOTHING: PairPlan = { changes: [], findings: [] }

/** The operations that make the destination's record of a pair what the source says. Pure: reads nothing, writes nothing. */
export function planPair(pair: PreparedPair, result: EvaluationResult, context: PlanContext): PairPlan {
  const { conditions } = context.task
  const condition = conditions[pair.operation]
  if (typeof result.condition === 'object')
    return failed(pair, typeof condition === 'object' ? condition.place : '', result.condition.failed)
  // Whether an account is open is no matter of the update.
  if (!result.condition) return { changes: reopening(pair, false, context), findings: [] }
  try {
    const valuesOf = resultsOf(pair, result)
    if (pair.operation === 'create')
      return conditions.create === false ? NOTHING : planCreate(pair, valuesOf, context)
    const rename = pair.renames && holds(conditions.rename, valuesOf)
    // A rename that may not be: LSC leaves the entry as it is, we bring its attributes up to date.
    if (context.task.compat === 'lsc' && pair.renames) return rename ? planRename(pair, context) : NOTHING
    const updates = pair.renames ? holds(condition, valuesOf) : condition !== false
    const renamed = rename ? planRename(pair, context) : NOTHING
    const updated = updates ? planUpdate(pair, rename, valuesOf, context) : NOTHING
    return {
      changes: [...renamed.changes, ...updated.changes, ...reopening(pair, rename, context)],
      findings: [...renamed.findings, ...updated.findings],
    }
  } catch (error) {
    if (error instanceof ExpressionFailed) return failed(pair, error.place, error.message)
    throw error
  }
}

function failed({ source }: PreparedPair, expression: string, detail: string): PairPlan {
  return { changes: [], findings: [{ kind: 'expression', subject: source.name, expression, detail }] }
}

type ValuesOf = (expression: Expression) => Values

function planCreate(pair: PreparedPair, valuesOf: ValuesOf, context: PlanContext): PairPlan {
  const { comparison } = context
  const attributes = new Map<string, Values>()
  const later: Modification[] = []
  const why = new Map<string, Why>()
  const findings: Finding[] = []
  for (const { dataset, situation } of pair.datasets) {
    const wanted = datasetValues(dataset, situation, valuesOf)
    if (wanted === null) continue
    const values = translated(pair, dataset, wanted.values, context, findings)
    if (values.length === 0) continue
    attributes.set(
      dataset.attribute,
      distinctValues(dataset.attribute, values, keysBy(comparison, dataset.exact)),
    )
    why.set(dataset.attribute, wanted.why)
  }
  if (comparison.names === 'dn') addNamingValues(pair.name, attributes, why)
  const classes = valuesFor(attributes, 'objectclass')
  for (const [attribute, values] of attributes) {
    if (!comparison.isReference(attribute) || comparison.isRequired(attribute, classes)) continue
    attributes.delete(attribute)
    later.push({ operation: 'add', attribute, values })
  }
  const refers = [...attributes.keys()].some((attribute) => comparison.isReference(attribute))
  const create: Change = { kind: 'create', name: pair.name, attributes }
  const changes = [planned(pair, create, context, { why, refers })]
  if (later.length > 0) {
    const update: Change = { kind: 'update', name: pair.name, modifications: later }
    changes.push(planned(pair, update, context, { why, refers: true }))
  }
  return { changes, findings }
}

function addNamingValues(name: string, attributes: Map<string, Values>, why: Map<string, Why>): void {
  for (const [attribute, values] of namingValues(name)) {
    const written = [...attributes.keys()].find((key) => key.toLowerCase() === attribute) ?? attribute
    const present = attributes.get(written) ?? NO_VALUES
    const has = (value: Values[number]): boolean =>
      present.some((one) => one.toString().toLowerCase() === value.toString().toLowerCase())
    const missing = values.filter((value) => !has(value))
    if (missing.length === 0) continue
    attributes.set(written, [...present, ...missing])
    if (!why.has(written)) why.set(written, { rule: 'name', from: null })
  }
}

function planRename(pair: PreparedPair, context: PlanContext): PairPlan {
  const change: Change = { kind: 'rename', name: pair.destination?.name ?? '', to: pair.name }
  const from = context.task.entryName?.place ?? null
  return {
    changes: [planned(pair, change, context, { why: new Map([['dn', { rule: 'name', from }]]) })],
    findings: [],
  }
}

/** An account that a task had disabled because its person was gone. */
function reopening(pair: PreparedPair, renamed: boolean, context: PlanContext): PlannedChange[] {
  const { departures, task } = context
  if (task.clean?.action !== 'disable' || !departures.has(pair.destination?.id ?? '')) return []
  const why: PlannedChange['why'] = new Map([['dn', { rule: 'back-in-source', from: null }]])
  return [planned(pair, { kind: 'enable', name: nameOf(pair, renamed) }, context, { why })]
}

/** By then. */
function nameOf({ name, destination }: PreparedPair, renamed: boolean): string {
  return renamed ? name : (destination?.name ?? name)
}

function planUpdate(
  pair: PreparedPair,
  renamed: boolean,
  valuesOf: ValuesOf,
  context: PlanContext,
): PairPlan {
  const { comparison } = context
  const modifications: Modification[] = []
  const before = new Map<string, Values>()
  const why = new Map<string, Why>()
  const findings: Finding[] = []
  for (const { dataset, situation } of pair.datasets) {
    const wanted = datasetValues(dataset, situation, valuesOf)
    if (wanted === null) continue
    const keyOf = keysBy(comparison, dataset.exact)
    const translations = translated(pair, dataset, wanted.values, context, findings)
    const values = comparison.asHeld?.(dataset.attribute, translations, situation.destination) ?? translations
    const allowed = allowedValues(pair, dataset, values, situation.destination, context, findings)
    if (allowed === null) continue
    const changes = modificationsOf(dataset, allowed, situation.destination, keyOf)
    if (changes.length === 0) continue
    modifications.push(...changes)
    before.set(dataset.attribute, situation.destination)
    why.set(dataset.attribute, wanted.why)
  }
  if (modifications.length === 0) return { changes: [], findings }
  const change: Change = { kind: 'update', name: nameOf(pair, renamed), modifications }
  return { changes: [planned(pair, change, context, { why, before })], findings }
}

/** What may be written of what the service desk owns; null: nothing. That it was kept is told where it makes a difference. */
function allowedValues(
  pair: PreparedPair,
  { attribute }: Dataset,
  wanted: Values,
  present: Values,
  { account, comparison }: PlanContext,
  findings: Finding[],
): Values | null {
  const name = attribute.toLowerCase()
  if (account === null || !account.attributes.has(name)) return wanted
  const kept = account.keep(name, wanted, present)
  const keyOf = keysBy(comparison, false)
  if (!haveSameValues(attribute, wanted, kept ?? present, keyOf))
    findings.push({
      kind: 'kept',
      subject: pair.destination?.name ?? pair.name,
      id: pair.destination?.id ?? '',
      attribute,
      by: null,
      at: null,
    })
  return kept
}

function translated(
  { source }: PreparedPair,
  { references, attribute }: Dataset,
  values: Values,
  { translate }: PlanContext,
  findings: Finding[],
): Values {
  if (references === null) return values
  return values.flatMap((value) => {
    const name = translate(references, value)
    if (name !== null) return [name]
    findings.push({ kind: 'dangling', subject: source.name, attribute, detail: String(value) })
    return []
  })
}

function planned(
  { source, destination, key }: PreparedPair,
  change: Change,
  { comparison }: PlanContext,
  {
    why,
    before = new Map(),
    refers = false,
  }: { why: PlannedChange['why']; before?: PlannedChange['before']; refers?: boolean },
): PlannedChange {
  return {
    stage: stageOf(change, comparison.names, refers),
    change,
    source: { id: source.id, name: source.name },
    destination: destination && { id: destination.id, name: destination.name },
    key,
    before,
    why,
  }
}

function valuesFor(attributes: ReadonlyMap<string, Values>, name: string): Values {
  for (const [attribute, values] of attributes) if (attribute.toLowerCase() === name) return values
  return NO_VALUES
}
