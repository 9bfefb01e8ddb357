/** What the synchronization engine and its pages agree on: the engine writes these tables, the pages read them and ask for runs by them. */
export type RunKind = 'full' | 'incremental' | 'entry' | 'undo'

/**
 * `queued`: nobody works on it yet · `reading`: both sides are read and compared · `planned`: a preview, or `held` by a guard, until somebody approves ·
 * `approved`: waits for a runner · `applying` · `done`: with or without entry errors · `incomplete`: a side could not be read to its end · `failed` ·
 * `cancelled`. A run in `reading`, `approved` or `applying` whose heartbeat is old was killed: the next runner of the task goes on with it.
 */
export type RunState =
  | 'queued'
  | 'reading'
  | 'planned'
  | 'held'
  | 'approved'
  | 'applying'
  | 'done'
  | 'incomplete'
  | 'failed'
  | 'cancelled'

export type RunRequest = {
  readonly tenant: string
  readonly task: string
  readonly kind: RunKind
  /** Ends with the plan. */
  readonly preview: boolean
  /** `schedule`, `command`, or the login or client that asked. */
  readonly requestedBy: string
  /** One entry: attribute of the source, value. */
  readonly only: { readonly attribute: string; readonly value: string } | null
  /** Of an undo: the run that is undone. */
  readonly undoes: string | null
}

/** Counts by kind of operation: planned, done, failed, left because the entry was another by then. */
export type RunCounts = {
  readonly source: number
  readonly destination: number
  readonly unchanged: number
  readonly planned: Readonly<Record<ChangeKind, number>>
  readonly done: Readonly<Record<ChangeKind, number>>
  readonly failed: number
  readonly conflicts: number
  readonly findings: Readonly<Record<string, number>>
}
export type ChangeKind = 'create' | 'update' | 'rename' | 'delete' | 'disable' | 'enable'

/** Why a plan is held; figures for the text in the reader's language. */
export type GuardFinding = {
  readonly guard: 'deletes' | 'changes' | 'empty-source' | 'shrunk' | 'empty-destination'
  readonly count: number
  readonly limit: number
}

export type Run = RunRequest & {
  /** UUID version 7. */
  readonly id: string
  readonly state: RunState
  readonly requestedAt: Date
  readonly startedAt: Date | null
  readonly endedAt: Date | null
  readonly heartbeatAt: Date | null
  readonly counts: RunCounts
  readonly guards: readonly GuardFinding[]
  readonly approvedBy: string | null
  readonly undoneBy: string | null
  /** What stopped it: an IncompleteReason or an error's name, and words without values. */
  readonly failure: { readonly code: string; readonly detail: string } | null
}

/** Of what a page of runs is made. */
export type RunQuery = {
  readonly tenant: string
  readonly task?: string
  readonly limit: number
  readonly before?: string
}

export interface SyncRuns {
  request(request: RunRequest, now: Date): Promise<Run>
  read(tenant: string, id: string): Promise<Run | null>
  list(query: RunQuery): Promise<readonly Run[]>
  /** Moves it on, if it still is in one of the states; false when it is not. Sets the times that belong to the state. */
  advance(id: string, from: readonly RunState[], to: RunState, now: Date, extra?: RunUpdate): Promise<boolean>
  /** Progress and heartbeat. */
  update(id: string, update: RunUpdate, now: Date): Promise<void>
  /** `held` or `planned` -> `approved`. */
  approve(tenant: string, id: string, by: string, now: Date): Promise<boolean>
  /** The last complete full run of the task that was no preview: how many records the source had then. */
  lastSourceCount(tenant: string, task: string): Promise<number | null>
  /** A run of the task that was under way when its runner died, or is approved: what to go on with. */
  unfinished(tenant: string, task: string): Promise<Run | null>
  /** Removes runs with their journal that ended before. */
  purge(tenant: string, before: Date): Promise<number>
}
export type RunUpdate = Partial<Pick<Run, 'counts' | 'guards' | 'failure' | 'undoneBy'>>
