import type { SqlSource } from '../../../src/config/sync-side-schema.ts'
import type { Value } from '../../record.ts'
import { IncompleteSource } from '../connector.ts'
import { formColumns, type FormedColumn, type RowOptions } from './row-form.ts'
import type { Parameter, SqlDialect, SqlSession } from './sql-session.ts'

/** A table or the result of a query, with the columns that it has. */
export type SqlTable = {
  readonly dialect: SqlDialect
  /** What stands after FROM. */
  readonly from: string
  readonly columns: readonly FormedColumn[]
  readonly key: FormedColumn
}

/** Asks the database for the columns. Throws IncompleteSource when there is no such table, or it lacks the key. */
export async function describeTable(
  session: SqlSession,
  dialect: SqlDialect,
  side: RowOptions & Pick<SqlSource, 'query' | 'table'>,
): Promise<SqlTable> {
  const from = side.query === undefined ? tableName(side.table ?? '', dialect) : derived(side.query)
  const { columns } = await orIncomplete(dialect, () =>
    session.query({ sql: `select * from ${from} where 1 = 0`, values: [] }),
  )
  const formed = formColumns(columns, side)
  const key = formed.find(({ attribute }) => attribute === side.key.toLowerCase())
  if (!key) throw new IncompleteSource('faulty', `there is no column ${side.key}`)
  return { dialect, from, columns: formed, key }
}

/** SELECT of these attributes and the key. Attributes that are no columns are left out: they have no values. */
export function select(
  { dialect, from, columns, key }: SqlTable,
  wanted: readonly string[] | 'all',
  rest = '',
): { sql: string; columns: readonly FormedColumn[] } {
  const chosen = columns.filter((each) => wanted === 'all' || each === key || wanted.includes(each.attribute))
  const names = chosen.map(({ column: { name, readAs } }) => {
    const quoted = dialect.quote(name)
    return readAs === undefined ? quoted : `${readAs} as ${quoted}`
  })
  return { sql: `select ${names.join(', ')} from ${from}${rest}`, columns: chosen }
}

/** Conditions that a column has one of the values, a part of the list in each. Values that the column cannot have are left out. */
export function amongConditions(
  { dialect }: SqlTable,
  { column, values: form }: FormedColumn,
  values: readonly Value[],
): { sql: string; values: readonly Parameter[] }[] {
  const written = [
    ...new Set(values.map((value) => form.write(value)).filter((value) => value !== undefined)),
  ]
  const conditions = []
  for (let start = 0; start < written.length; start += dialect.amongAtMost)
    conditions.push(dialect.among(column, 1, written.slice(start, start + dialect.amongAtMost)))
  return conditions
}

/** What a session throws, as what it means for whoever reads. */
export async function orIncomplete<T>(dialect: SqlDialect, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    throw asIncomplete(dialect, error)
  }
}

export function asIncomplete(dialect: SqlDialect, error: unknown): Error {
  // A fault of ours is none of the database's.
  if (error instanceof IncompleteSource || error instanceof TypeError) return error
  const { incomplete, code, detail } = dialect.failureOf(error)
  return new IncompleteSource(incomplete, detail === code ? code : `${code}: ${detail}`, { cause: error })
}

/** `people`, `hr.people`, `hr."People"`: as SQL has it, so that the database folds capitals as it does elsewhere. */
function tableName(text: string, { quotedName }: SqlDialect): string {
  const parts = text.match(/(?:"[^"]*"|`[^`]*`|\[[^\]]*\]|[^.])+/g) ?? []
  const isName = (part: string): boolean => /^[\p{L}_][\p{L}\p{N}_$#]*$/u.test(part) || quotedName.test(part)
  if (parts.length === 0 || parts.join('.') !== text || !parts.every(isName))
    throw new IncompleteSource('refused', 'not the name of a table; what is no plain name stands in quotes')
  return text
}

/** Oracle takes no AS here. */
function derived(query: string): string {
  return `(${query.trim().replace(/;$/, '')}) record_source`
}
