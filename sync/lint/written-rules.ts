import type { Comparison } from '../connectors/connector.ts'
import type { Task } from '../task/task.ts'
import type { LintFinding } from './lint-finding.ts'

/** What is wrong with a task whatever its records are. */
export function lintWritten(task: Task, comparison: Comparison): LintFinding[] {
  return [
    ...task.datasets.flatMap(({ attribute }) => lintAttribute(attribute, comparison)),
    ...lintClasses(task, comparison),
    ...lintPivots(task),
    ...lintClean(task),
  ]
}

function lintAttribute(attribute: string, comparison: Comparison): LintFinding[] {
  if (comparison.isKnown(attribute) === false) return [{ code: 'attribute-unknown', params: { attribute } }]
  if (!comparison.isWritable(attribute)) return [{ code: 'attribute-not-writable', params: { attribute } }]
  return []
}

/** No directory takes an entry without object classes. */
function lintClasses(task: Task, { names }: Comparison): LintFinding[] {
  if (names === 'key' || task.everyAttribute || task.conditions.create === false) return []
  return task.datasets.some(({ attribute }) => attribute.toLowerCase() === 'objectclass')
    ? []
    : [{ code: 'class-missing', params: {} }]
}

/** An entry that is created without its pivot is not found by the next run, which creates it again. */
function lintPivots(task: Task): LintFinding[] {
  if (task.everyAttribute || task.conditions.create === false) return []
  const written = new Set(task.datasets.map(({ attribute }) => attribute.toLowerCase()))
  const inName = namingAttribute(task)
  return task.pivots.some(
    ({ destination }) => written.has(destination.toLowerCase()) || destination.toLowerCase() === inName,
  )
    ? []
    : [{ code: 'pivot-not-written', params: { attribute: task.pivots[0]?.destination ?? '' } }]
}

/** As far as it can be read from the script: `uid=${...}`. */
function namingAttribute({ entryName }: Task): string | undefined {
  return /^\W*(?:dn)?[`'"]\s*([a-z][\w-]*)=/i.exec(entryName?.code ?? '')?.[1]?.toLowerCase()
}

function lintClean({ clean, presence, source }: Task): LintFinding[] {
  if (clean === null) return [{ code: 'clean-missing', params: {} }]
  const { filter } = source.options
  return presence === null && filter !== undefined && isNarrow(filter)
    ? [{ code: 'presence-missing', params: { filter, action: clean.action } }]
    : []
}

/** More than a class: somebody who is still there may not fulfil it any more. */
function isNarrow(filter: string): boolean {
  return !/^\(objectClass=[^)]*\)$/i.test(filter.trim())
}
