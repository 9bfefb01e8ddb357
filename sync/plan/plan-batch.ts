import { parseDn } from '../../src/ldap/dn.ts'
import type { Evaluation, EvaluationResult, Expressions } from '../expressions/expressions.ts'
import type { Ambiguous, Match, Matching, PivotValues } from '../match/destination-index.ts'
import type { SyncRecord } from '../record.ts'
import type { Finding, PlannedChange } from './change.ts'
import { type Pair, preparePair } from './pair.ts'
import type { PlanContext } from './plan-context.ts'
import { planPair } from './plan-pair.ts'

/** What a batch of records brings to a plan. `withdrawn`: keys of pairs that turned out ambiguous, whose changes count no more. */
export type PlanStep = {
  readonly records: number
  readonly changes: readonly PlannedChange[]
  readonly findings: readonly Finding[]
  readonly withdrawn: readonly string[]
  /** True: of some records nobody knows which of the destination they are, so that nobody may be taken for gone. */
  readonly hasUnknown?: boolean
  /** Whether or not there is anything to do for them. */
  readonly matched?: readonly Omit<Pair, 'name'>[]
}

/** Plans a batch of the source's records. `matching`: all of the destination, or what was looked up for them. */
export async function planBatch(
  records: readonly SyncRecord[],
  context: PlanContext,
  expressions: Expressions,
  matching: Matching,
): Promise<PlanStep> {
  const findings: Finding[] = []
  const withdrawn: string[] = []
  const matched: Omit<Pair, 'name'>[] = []
  const setAside = ({ subject, others, withdrawn: keys }: Ambiguous): void => {
    findings.push({ kind: 'ambiguous', subject, others })
    withdrawn.push(...keys)
  }
  const pivots = await pivotValues(records, context, expressions)
  for (const [index, source] of records.entries()) {
    const { values, failed } = pivots[index] ?? NO_PIVOTS
    if (failed !== null) {
      findings.push({ kind: 'expression', subject: source.name, ...failed })
      continue
    }
    const match: Match = matching.match(values, source)
    if (match.type === 'no-pivot') findings.push({ kind: 'no-pivot', subject: source.name })
    else if (match.type === 'ambiguous') setAside(match)
    else {
      if (match.type === 'found' && match.instead !== undefined) setAside(match.instead)
      const destination = match.type === 'found' ? match.record : null
      matched.push({ source, destination, key: match.key })
    }
  }
  const named = await withNames(matched, context, expressions)
  const prepared = named.pairs.flatMap((pair) => preparePair(pair, context) ?? [])
  const results = await evaluateAll(
    expressions,
    prepared.map(({ evaluation }) => evaluation),
  )
  const plans = prepared.map((pair, index) => planPair(pair, results[index] ?? NO_RESULT, context))
  return {
    records: records.length,
    changes: plans.flatMap(({ changes }) => changes),
    findings: [...findings, ...named.findings, ...plans.flatMap((plan) => plan.findings)],
    withdrawn,
    hasUnknown: pivots.some(({ failed }) => failed !== null),
    matched,
  }
}

const NO_RESULT: EvaluationResult = { condition: true, results: [] }

/** Evaluates what has to be; most pairs of most tasks have nothing. */
export async function evaluateAll(
  expressions: Expressions,
  evaluations: readonly Evaluation[],
): Promise<readonly EvaluationResult[]> {
  const isNeeded = ({ wanted, condition }: Evaluation): boolean =>
    wanted.length > 0 || condition !== undefined
  const needed = evaluations.filter(isNeeded)
  if (needed.length === 0) return evaluations.map(() => NO_RESULT)
  const results = await expressions.evaluate(needed)
  if (needed.length === evaluations.length) return results
  let next = 0
  return evaluations.map((one) => (isNeeded(one) ? (results[next++] ?? NO_RESULT) : NO_RESULT))
}

/** The values by which a record is looked for, as the destination has them. `failed`: a script could not say, so that nobody knows whose record it is. */
export type RecordPivots = {
  readonly values: PivotValues
  readonly failed: { readonly expression: string; readonly detail: string } | null
}

const NO_PIVOTS: RecordPivots = { values: [], failed: null }

export async function pivotValues(
  records: readonly SyncRecord[],
  { task, expressions: places }: PlanContext,
  expressions: Expressions,
): Promise<RecordPivots[]> {
  const plain = records.map((record) => task.pivots.map(({ source }) => record.values(source).map(String)))
  const failed = new Map<number, RecordPivots['failed']>()
  for (const [level, { transform }] of task.pivots.entries()) {
    if (transform === null) continue
    const wanted = [places.indexOf(transform)]
    const asked = plain.flatMap((levels, index) => (levels[level] ?? []).map((value) => ({ index, value })))
    const scopes = asked.map(({ index, value }) => ({
      source: records[index] ?? null,
      destination: null,
      value,
    }))
    const results = await evaluateAll(
      expressions,
      scopes.map((scope) => ({ scope, wanted })),
    )
    for (const levels of plain) levels[level] = []
    for (const [at, { index }] of asked.entries()) {
      const result = results[at]?.results[0]
      if (result === undefined) continue
      if ('failed' in result) failed.set(index, { expression: transform.place, detail: result.failed })
      else plain[index]?.[level]?.push(...result.values.map(String))
    }
  }
  return plain.map((values, index) => ({ values, failed: failed.get(index) ?? null }))
}

/** What each pair is to be called in the destination; one without a name cannot be created, and an existing one keeps its own. */
async function withNames(
  matched: readonly Omit<Pair, 'name'>[],
  { task, expressions: places, comparison }: PlanContext,
  expressions: Expressions,
): Promise<{ pairs: Pair[]; findings: Finding[] }> {
  const { entryName } = task
  const wanted = entryName === null ? [] : [places.indexOf(entryName)]
  const evaluations = matched.map(({ source, destination }) => ({ scope: { source, destination }, wanted }))
  const results = await evaluateAll(expressions, evaluations)
  const pairs: Pair[] = []
  const findings: Finding[] = []
  for (const [index, pair] of matched.entries()) {
    const name = entryName === null ? pair.source.name : nameIn(results[index], pair.destination)
    const isKnown = name === pair.destination?.name
    const fault = typeof name === 'object' ? name.failed : isKnown ? null : nameFault(name, comparison)
    if (typeof name === 'string' && fault === null) pairs.push({ ...pair, name })
    else
      findings.push({
        kind: 'expression',
        subject: pair.source.name,
        expression: entryName?.place ?? 'entryName',
        detail: fault ?? 'gave no name',
      })
  }
  return { pairs, findings }
}

function nameIn(
  result: EvaluationResult | undefined,
  destination: SyncRecord | null,
): string | { readonly failed: string } {
  const [evaluated = { values: [] }] = result?.results ?? []
  if ('failed' in evaluated) return evaluated
  return evaluated.values[0]?.toString() ?? destination?.name ?? { failed: 'gave no name' }
}

function nameFault(name: string, { names }: PlanContext['comparison']): string | null {
  if (names === 'key') return null
  try {
    return parseDn(name).length > 0 ? null : 'gave no DN'
  } catch {
    return 'gave what is no DN (use escapeRdn for values)'
  }
}
