import type { Task } from '../task/task.ts'

/** What one phase of LSC reads, or both where they read the same. */
export type Phase = Pick<Task, 'source' | 'destination' | 'presence' | 'pivots' | 'phases'>

export type TaskSides = {
  readonly phases: readonly Phase[]
  readonly fetched: NonNullable<Task['fetched']>
  /** What the task may write; `'all'`: LSC's `*`. */
  readonly written: readonly string[] | 'all'
  readonly subtree: boolean
  /** Of the sides that are directories. */
  readonly contexts: { readonly source?: string; readonly destination?: string }
  /** Of a table: its columns by what is written into them, and the attribute of the source that is its key. */
  readonly table: { readonly columns: ReadonlyMap<string, string>; readonly key: string } | null
}

export const BOTH = { sync: true, clean: true }
export const SYNC = { sync: true, clean: false }
export const CLEAN = { sync: false, clean: true }
