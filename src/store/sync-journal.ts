import type { ChangeKind } from './sync-runs.ts'

/**
 * `planned` · `sent`: given to the destination, the answer is not known (it was killed, or the connection was lost) · `done` · `failed` ·
 * `conflict`: the entry was another by then, nothing was done · `skipped`.
 */
export type JournalState = 'planned' | 'sent' | 'done' | 'failed' | 'conflict' | 'skipped'

/** A value in the journal: text, bytes, or a secret, whose value is in `sealed` under this number. */
export type JournalValue = string | { readonly binary: string } | { readonly secret: number }
export type JournalAttributes = Readonly<Record<string, readonly JournalValue[]>>

/** The operation as kept. What people see is made of this; secrets are not in it. */
export type JournalChange = {
  readonly kind: ChangeKind
  readonly name: string
  readonly attributes?: JournalAttributes
  readonly modifications?: readonly {
    readonly operation: 'add' | 'delete' | 'replace'
    readonly attribute: string
    readonly values: readonly JournalValue[]
  }[]
  readonly to?: string
  readonly subtree?: boolean
}

export type JournalRow = {
  readonly seq: number
  readonly stage: number
  readonly kind: ChangeKind
  /** DN or key when it was planned. */
  readonly name: string
  readonly change: JournalChange
  readonly before: JournalAttributes
  readonly why: Readonly<Record<string, { readonly rule: string; readonly from: string | null }>>
  /** Secrets of `change` and `before`, sealed; null when there are none. */
  readonly sealed: string | null
  readonly sourceId: string | null
  readonly sourceName: string | null
  readonly destinationId: string | null
  readonly key: string
  readonly state: JournalState
  readonly attempts: number
  readonly error: { readonly code: string; readonly detail: string } | null
}
export type NewJournalRow = Omit<JournalRow, 'state' | 'attempts' | 'error'>

export type JournalFinding = {
  readonly kind: string
  readonly subject: string
  readonly detail: Readonly<Record<string, unknown>>
}

/** For 1,000,000 rows a run: written in bulk (`unnest`), read by keyset. */
export interface SyncJournal {
  append(run: string, rows: readonly NewJournalRow[]): Promise<void>
  /** Takes out what was planned for these keys: they turned out ambiguous. Gives how many of each kind. */
  withdraw(run: string, keys: readonly string[]): Promise<Readonly<Partial<Record<ChangeKind, number>>>>
  /** In the order (stage, seq). */
  next(
    run: string,
    after: { readonly stage: number; readonly seq: number },
    limit: number,
    states: readonly JournalState[],
  ): Promise<readonly JournalRow[]>
  mark(
    run: string,
    marks: readonly {
      readonly seq: number
      readonly state: JournalState
      readonly error?: { readonly code: string; readonly detail: string }
      /** Of a delete: the whole record, read just before. */
      readonly before?: JournalAttributes
      readonly sealed?: string | null
      /** Of a create: the id that the destination gave. */
      readonly destinationId?: string
    }[],
  ): Promise<void>
  counts(
    run: string,
  ): Promise<readonly { readonly kind: ChangeKind; readonly state: JournalState; readonly count: number }[]>
  /** For pages: by kind and state, text in the name. */
  list(
    run: string,
    query: {
      readonly kind?: ChangeKind
      readonly state?: JournalState
      readonly name?: string
      readonly after?: number
      readonly limit: number
    },
  ): Promise<readonly JournalRow[]>
  addFindings(run: string, findings: readonly JournalFinding[]): Promise<void>
  findings(
    run: string,
    query: { readonly kind?: string; readonly after?: number; readonly limit: number },
  ): Promise<readonly (JournalFinding & { readonly seq: number })[]>
}
