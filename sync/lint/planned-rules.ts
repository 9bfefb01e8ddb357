import type { Comparison } from '../connectors/connector.ts'
import { applyAll } from '../connectors/memory/apply-all.ts'
import { memoryDestination } from '../connectors/memory/memory-destination.ts'
import { DestinationIndex } from '../match/destination-index.ts'
import type { Finding, PlannedChange } from '../plan/change.ts'
import { planBatch } from '../plan/plan-batch.ts'
import type { SyncRecord } from '../record.ts'
import { lookUp } from '../run/plan-entry.ts'
import type { PreparedTask, TaskAtWork } from '../run/prepare-task.ts'
import type { LintFinding } from './lint-finding.ts'

/**
 * What a run would find in these records, and whether a second one would still have something to write: the plan is applied in memory and made again.
 */
export async function lintPlan(
  sample: readonly SyncRecord[],
  work: TaskAtWork,
  prepared: PreparedTask,
): Promise<LintFinding[]> {
  const { task, sides } = work
  const { comparison } = sides.destination
  const present = await lookUp(sample, work, prepared)
  const memory = memoryDestination([...present.unmatched()], comparison)
  const first = await planBatch(sample, prepared.context, prepared.expressions, present)
  // That a name is taken shows in the second plan.
  await applyAll([first], (change) => memory.apply(change))
  const later = new DestinationIndex(task.pivots, comparison)
  const left = await Array.fromAsync(memory.read({ attributes: 'all' }))
  for (const record of left) later.add(record)
  const second = await planBatch(sample, prepared.context, prepared.expressions, later)
  return [...findingsOf(first.findings), ...lintSingleValued(left, comparison), ...lintAgain(second.changes)]
}

function lintSingleValued(records: readonly SyncRecord[], comparison: Comparison): LintFinding[] {
  const tooMany = records.flatMap((record) =>
    record
      .names()
      .filter((attribute) => record.values(attribute).length > 1 && comparison.isSingleValued(attribute))
      .map((attribute) => ({ attribute, subject: record.name })),
  )
  return grouped(tooMany, ({ attribute }) => attribute).map(([{ attribute, subject }, count]) => ({
    code: 'single-valued',
    params: { attribute, subject, count },
  }))
}

/** `attribute` null: it is created once more. */
type WrittenAgain = { readonly attribute: string | null; readonly subject: string; readonly rule: string }

function lintAgain(changes: readonly PlannedChange[]): LintFinding[] {
  return grouped(changes.flatMap(writtenAgain), ({ attribute }) => attribute ?? '').map(
    ([{ attribute, subject, rule }, count]) =>
      attribute === null
        ? { code: 'created-again', params: { subject, count } }
        : { code: 'not-idempotent', params: { attribute, subject, rule, count } },
  )
}

function writtenAgain({ change, why }: PlannedChange): WrittenAgain[] {
  const subject = change.name
  if (change.kind === 'create') return [{ attribute: null, subject, rule: '' }]
  const attributes =
    change.kind === 'update' ? change.modifications.map(({ attribute }) => attribute) : ['dn']
  return attributes.map((attribute) => {
    const cause = why.get(attribute)
    return { attribute, subject, rule: cause?.from ?? cause?.rule ?? '' }
  })
}

/** One finding a kind (and rule), with how many there are and one that shows it. */
function findingsOf(findings: readonly Finding[]): LintFinding[] {
  const placeOf = (finding: Finding): string => {
    if (finding.kind === 'expression') return finding.expression
    return 'attribute' in finding ? finding.attribute : ''
  }
  return grouped(findings, (finding) => `${finding.kind} ${placeOf(finding)}`).map(([finding, count]) => {
    const { subject } = finding
    const place = placeOf(finding)
    switch (finding.kind) {
      case 'expression':
        return { code: 'expression-failed', params: { subject, count, place, detail: finding.detail } }
      case 'ambiguous':
        return { code: 'ambiguous', params: { subject, count, others: finding.others.join(', ') } }
      case 'no-pivot':
        return { code: 'pivot-absent', params: { subject, count } }
      case 'dangling':
        return { code: 'dangling', params: { subject, count, attribute: place } }
      case 'kept':
        return { code: 'kept', params: { subject, count, attribute: place } }
      case 'unusable':
        return { code: 'unusable', params: { subject, count, detail: finding.detail } }
    }
  })
}

/** The first of each group, and how many there are. */
function grouped<T>(items: readonly T[], keyOf: (item: T) => string): [T, number][] {
  return [...Map.groupBy(items, keyOf).values()].flatMap((group): [T, number][] => {
    const [example] = group
    return example === undefined ? [] : [[example, group.length]]
  })
}
