import type { Values } from '../record.ts'

/** One operation on the destination. `name` is the DN of an entry or the key of a row at the time when the operation runs. */
export type Change =
  | { readonly kind: 'create'; readonly name: string; readonly attributes: Attributes }
  | { readonly kind: 'update'; readonly name: string; readonly modifications: readonly Modification[] }
  /** Also a soft delete by moving. */
  | { readonly kind: 'rename'; readonly name: string; readonly to: string }
  | { readonly kind: 'delete'; readonly name: string; readonly subtree: boolean }
  /** A soft delete: the directory's own way to disable, which survives resets and other tools. */
  | { readonly kind: 'disable'; readonly name: string }
  /** Of an account that a task had disabled and that is in the source again. */
  | { readonly kind: 'enable'; readonly name: string }

export type Attributes = ReadonlyMap<string, Values>

/** A `replace` without values removes the attribute. */
export type Modification = {
  readonly operation: 'add' | 'delete' | 'replace'
  readonly attribute: string
  readonly values: Values
}

/** The rule of the task that caused a value: shown beside old -> new. */
export type Why = {
  readonly rule:
    | 'source'
    | 'force'
    | 'create'
    | 'default'
    | 'name'
    | 'gone-from-source'
    | 'back-in-source'
    | 'undo'
  /** Of the expression, such as `tasks.people.attributes.cn.value`; the attribute of the source. */
  readonly from: string | null
}

/** An operation of a plan, before it is journalled. */
export type PlannedChange = {
  /** Operations run in the order of their stages; those of one stage at once. */
  readonly stage: number
  readonly change: Change
  /** The source's record; null when it is gone. */
  readonly source: { readonly id: string; readonly name: string } | null
  /** The destination's record; null when it is to be created. */
  readonly destination: { readonly id: string; readonly name: string } | null
  /** The pivot that matched, normalised. */
  readonly key: string
  /** What the touched attributes held when it was planned; empty for a create. Of a delete: filled when it is applied, with the whole record. */
  readonly before: Attributes
  readonly why: ReadonlyMap<string, Why>
}

/** What a run tells about records that it leaves alone or cannot use. */
export type Finding =
  /** Several records of a side have the same pivot, or pivots name several: nothing is done to them. */
  | { readonly kind: 'ambiguous'; readonly subject: string; readonly others: readonly string[] }
  /** An attribute that the service desk owns: `by` and `at` when the audit trail knows them. */
  | {
      readonly kind: 'kept'
      readonly subject: string
      /** Of the destination's record. */
      readonly id: string
      readonly attribute: string
      readonly by: string | null
      readonly at: string | null
    }
  /** A record without a value in any pivot. */
  | { readonly kind: 'no-pivot'; readonly subject: string }
  /** A record or line that cannot be used. */
  | {
      readonly kind: 'unusable'
      readonly subject: string
      readonly column: string | null
      readonly detail: string
    }
  /** An expression threw, gave no name, or gave something that is not a value. */
  | {
      readonly kind: 'expression'
      readonly subject: string
      readonly expression: string
      readonly detail: string
    }
  /** A reference to something that is not in the destination. */
  | {
      readonly kind: 'dangling'
      readonly subject: string
      readonly attribute: string
      readonly detail: string
    }
