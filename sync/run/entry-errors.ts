import type { Run } from '../../src/store/sync-runs.ts'

/** Entries that were not brought in step. What is kept for the service desk is no error, and an entry without a pivot is not one of the task. */
export function hasEntryErrors({ counts }: Pick<Run, 'counts'>): boolean {
  const { ambiguous = 0, expression = 0, unusable = 0, dangling = 0 } = counts.findings
  return counts.failed + counts.conflicts + ambiguous + expression + unusable + dangling > 0
}
