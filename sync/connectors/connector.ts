import type { Change } from '../plan/change.ts'
import type { SyncRecord, Value, Values } from '../record.ts'

/** One side of a task that is read. Every kind of connector fulfils `test/sync/connectors/describe-source.ts`. */
export interface Source {
  /**
   * Every record, in constant memory. Throws `IncompleteSource` rather than end early (a size or time limit, a referral, a lost connection, a truncated
   * file); `SourceFault`s of single records go to `onFault`, and the rest goes on.
   */
  read(wanted: Wanted): AsyncIterable<SyncRecord>
  /** The records that have one of the values in the attribute, each once: for a change of few records. Absent where the kind cannot select. */
  find?(attribute: string, values: readonly Value[], wanted: Wanted): Promise<readonly SyncRecord[]>
  /** What changed since, where the kind can tell. */
  readonly feed?: Feed
  close(): Promise<void>
}

export type Wanted = {
  /** Lower-cased names; `'all'`: every user attribute. */
  readonly attributes: readonly string[] | 'all'
  readonly signal?: AbortSignal
  readonly onFault?: (fault: RecordFault) => void
}

/**
 * A record that cannot be used. `place`: the line of a file, the DN of an entry. `column`: its name or number. Never a value.
 * `record`: what could be read of it, so that it does not count as gone; without, nobody knows who is missing.
 */
export type RecordFault = {
  readonly place: string
  readonly column?: string
  readonly text: string
  readonly record?: SyncRecord
}

/** A side that is also written. */
export interface Destination extends Source {
  readonly comparison: Comparison
  /** True: there is no id beside the name, so that a rename changes both. */
  readonly isKnownByName?: boolean
  /**
   * The records with these ids as they are now; absent ones are left out. `attributes`: lower-cased; `'all'` brings what an undo of a delete needs,
   * operational attributes left out.
   */
  reread(ids: readonly string[], attributes: readonly string[] | 'all'): Promise<readonly SyncRecord[]>
  /** The records with these names (DNs) as they are now. */
  rereadNamed(names: readonly string[], attributes: readonly string[] | 'all'): Promise<readonly SyncRecord[]>
  /** Whether records are found by the attribute without looking at each; undefined where the account may not know. For `sync check`. */
  isIndexed?(attribute: string): Promise<boolean | undefined>
  /** Does one operation. Throws `ApplyFailure`. */
  apply(change: Change): Promise<void>
}

/** How the destination tells values apart: by its schema, or byte by byte (`compat: lsc`). */
export interface Comparison {
  /** Two values are the same when their keys are. */
  key(attribute: string, value: Value): string
  /** Whether names are DNs, so that parents go before children and the RDN's values belong to the entry; keys of rows otherwise. */
  readonly names: 'dn' | 'key'
  /** Where names are keys: the attribute that holds them, lower-cased, which a rename changes. */
  readonly keyAttribute?: string
  /** Two names are of the same entry. */
  sameName(one: string, other: string): boolean
  /** Values are names of entries: a new entry gets them in a second pass, so that those exist by then. */
  isReference(attribute: string): boolean
  /** An entry of these classes cannot be without it (`member` of groupOfNames), so that it cannot wait for the second pass. */
  isRequired(attribute: string, objectClasses: Values): boolean
  isSingleValued(attribute: string): boolean
  /**
   * The wanted values as the server holds them, seeing what it has: superclasses of an objectClass belong to it, whether they are written or not. Absent where
   * the server holds what it is given.
   */
  asHeld?(attribute: string, wanted: Values, present: Values): Values
  /** False: the server does not show it as it was given (passwords), so that nobody can tell whether it was. Absent: all are shown. */
  isShown?(attribute: string): boolean
  /** Not written by the server alone (NO-USER-MODIFICATION). */
  isWritable(attribute: string): boolean
  /** False when the schema does not know it: `sync check` says so. Undefined when there is no schema to ask. */
  isKnown(attribute: string): boolean | undefined
}

/** Tells what changed since a token that is persisted once everything before it is applied. */
export interface Feed {
  /**
   * `token` null: everything there is, then as below. `follow`: goes on for ever, reconnecting with back-off; without, ends when it is up to date.
   * Ends without a word when `wanted.signal` aborts. Throws `IncompleteSource` when it is not to be trusted to have said everything.
   */
  changes(token: string | null, wanted: Wanted, options: { follow: boolean }): AsyncIterable<FeedEvent>
}

export type FeedEvent =
  | { readonly type: 'changed'; readonly record: SyncRecord }
  /** By immutable id. */
  | { readonly type: 'deleted'; readonly id: string }
  /** Everything that is not among the ids seen since the feed began (`changed` or `unchanged`) is gone: the end of a full refresh. */
  | { readonly type: 'unchanged'; readonly id: string }
  | { readonly type: 'rest-is-gone' }
  /** What came before is complete up to here. */
  | { readonly type: 'token'; readonly token: string }
  /** The server no longer knows the token: what follows is a full refresh. */
  | { readonly type: 'restart' }

/** A side that could not be read to its end: nothing may be deleted because of it. Exit code 4. */
export class IncompleteSource extends Error {
  override readonly name = 'IncompleteSource'
  readonly reason: IncompleteReason
  constructor(reason: IncompleteReason, detail: string, options?: ErrorOptions) {
    super(detail, options)
    this.reason = reason
  }
}
export type IncompleteReason =
  | 'unreachable'
  | 'lost'
  | 'size-limit'
  | 'time-limit'
  | 'referral'
  | 'refused'
  | 'truncated'
  | 'faulty'

/**
 * Why an operation was not done. `busy`: try later; `lost`: it may have been done; `missing-parent`, `has-children`, `exists`, `gone`: another order may help;
 * `refused`: never. `detail` is the server's text, without values.
 */
export class ApplyFailure extends Error {
  override readonly name = 'ApplyFailure'
  readonly kind: ApplyFailureKind
  /** The server's code: `LDAP 19 constraintViolation`, an SQLSTATE. */
  readonly code: string
  constructor(kind: ApplyFailureKind, code: string, detail: string, options?: ErrorOptions) {
    super(detail, options)
    this.kind = kind
    this.code = code
  }
}
export type ApplyFailureKind =
  | 'busy'
  | 'lost'
  | 'missing-parent'
  | 'has-children'
  | 'exists'
  | 'gone'
  | 'values-exist'
  | 'refused'
