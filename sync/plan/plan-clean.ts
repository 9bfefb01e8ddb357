import { formatDn, parseDn } from '../../src/ldap/dn.ts'
import type { Expressions } from '../expressions/expressions.ts'
import type { SyncRecord } from '../record.ts'
import type { Clean } from '../task/task.ts'
import type { Change, Finding, PlannedChange } from './change.ts'
import { evaluateAll, type PlanStep } from './plan-batch.ts'
import type { PlanContext } from './plan-context.ts'
import { stageOf } from './stage.ts'

/** Plans what becomes of records that the source does not have any more: the clean phase. */
export async function planClean(
  gone: readonly SyncRecord[],
  context: PlanContext,
  expressions: Expressions,
  now: Date,
): Promise<PlanStep> {
  const { task, expressions: places } = context
  const { clean, conditions } = task
  const findings: Finding[] = []
  const step = { records: gone.length, findings, withdrawn: [] }
  if (clean === null || conditions.delete === false) return { ...step, changes: [] }
  const condition =
    typeof conditions.delete === 'object' ? { condition: places.indexOf(conditions.delete) } : {}
  const scopes = gone.map((destination) => ({
    scope: { source: null, destination },
    wanted: [],
    ...condition,
  }))
  const results = await evaluateAll(expressions, scopes)
  const changes = gone.flatMap((record, index): PlannedChange[] => {
    const holds = results[index]?.condition ?? true
    if (typeof holds === 'object') {
      const expression = typeof conditions.delete === 'object' ? conditions.delete.place : ''
      findings.push({ kind: 'expression', subject: record.name, expression, detail: holds.failed })
    }
    const change = holds === true ? departure(record, clean, context.departures.get(record.id), now) : null
    return change === null ? [] : [planned(record, change, context)]
  })
  return { ...step, changes }
}

const DAY = 86_400_000

/** Null: it is gone already, and not yet for long enough to be deleted. */
function departure(record: SyncRecord, clean: Clean, since: Date | undefined, now: Date): Change | null {
  const { name } = record
  if (clean.action === 'delete') return { kind: 'delete', name, subtree: clean.subtree }
  const isOver =
    since !== undefined &&
    clean.deleteAfterDays !== null &&
    now.getTime() - since.getTime() >= clean.deleteAfterDays * DAY
  if (isOver) return { kind: 'delete', name, subtree: false }
  if (since !== undefined) return null
  if (clean.action === 'disable') return { kind: 'disable', name }
  const [rdn = []] = parseDn(name)
  return { kind: 'rename', name, to: formatDn([rdn, ...parseDn(clean.to)]) }
}

function planned(record: SyncRecord, change: Change, { comparison, task }: PlanContext): PlannedChange {
  const written = new Set(task.datasets.map(({ attribute }) => attribute.toLowerCase()))
  const names = task.everyAttribute ? record.names() : record.names().filter((name) => written.has(name))
  return {
    stage: stageOf(change, comparison.names),
    change,
    source: null,
    destination: { id: record.id, name: record.name },
    key: record.id,
    // What a later check compares: somebody may give the entry another purpose before the plan is approved.
    before: new Map(change.kind === 'delete' ? names.map((name) => [name, record.values(name)]) : []),
    why: new Map([['dn', { rule: 'gone-from-source', from: null }]]),
  }
}
