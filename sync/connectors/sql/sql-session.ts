import type { ApplyFailureKind, IncompleteReason } from '../connector.ts'

/**
 * What a column holds. `date`: a day; `time`: day and time of no zone that is known; `moment`: both, in UTC; `other`: a type whose values are
 * written and compared as text.
 */
export type ColumnType = 'text' | 'number' | 'boolean' | 'date' | 'time' | 'moment' | 'binary' | 'other'

export type Column = {
  /** As the database spells it. */
  readonly name: string
  readonly type: ColumnType
  /** A value of PostgreSQL that holds several. */
  readonly isArray: boolean
  /** What to select instead, where the driver would lose some of the value. */
  readonly readAs?: string
}

/** Booleans are `TRUE` and `FALSE`, dates `2026-08-31` or `2026-08-31 12:00:00.5`, numbers without loss. */
export type Cell = string | Buffer | null | readonly (string | Buffer | null)[]

export type Rows = { readonly columns: readonly Column[]; readonly rows: readonly (readonly Cell[])[] }

/** What a statement is given besides its text; the list is for PostgreSQL's arrays. */
export type Parameter = string | Buffer | null | readonly (string | Buffer)[]

export type Statement = { readonly sql: string; readonly values: readonly Parameter[] }

/** Connections to one database. They are made when they are needed. Everything throws what the driver throws: see `SqlDialect.failureOf`. */
export interface SqlSession {
  /** The rows of a SELECT as they come, in constant memory; at least one batch, so that the columns are known. */
  stream(statement: Statement, signal?: AbortSignal): AsyncIterable<Rows>
  query(statement: Statement): Promise<Rows>
  /** How many rows the statement changed. */
  execute(statement: Statement): Promise<number>
  close(): Promise<void>
}

export type SessionOptions = {
  readonly poolSize: number
  readonly connectTimeout: number
  readonly statementTimeout: number
}

/** In which the databases differ. */
export interface SqlDialect {
  /** A name of a column as part of a statement. */
  quote(name: string): string
  /** Quoted names of tables, as this database writes them: `"order"`. */
  readonly quotedName: RegExp
  /** The n-th value of a statement, from 1. */
  parameter(index: number): string
  /** Condition that the column has one of the values, which are the parameters from `first` on. */
  among(
    column: Column,
    first: number,
    values: readonly (string | Buffer)[],
  ): { sql: string; values: readonly Parameter[] }
  /** How many values `among` takes at once. */
  readonly amongAtMost: number
  /** The expression as text, with all of its fraction. */
  asText(expression: string, type: 'time' | 'number'): string
  /** An array with the value of a parameter, and without it. Null where the database has no arrays. */
  readonly arrays: ArrayExpressions | null
  failureOf(error: unknown): SqlFailure
}

export type ArrayExpressions = {
  with(array: string, parameter: string): string
  without(array: string, parameter: string): string
}

/** What a driver's error means. `detail` names the code, the constraint and the like, never a value. */
export type SqlFailure = {
  readonly incomplete: IncompleteReason
  readonly apply: ApplyFailureKind
  readonly code: string
  readonly detail: string
}
