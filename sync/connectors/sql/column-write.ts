import type { Modification } from '../../plan/change.ts'
import type { Value, Values } from '../../record.ts'
import { ApplyFailure } from '../connector.ts'
import type { FormedColumn } from './row-form.ts'
import type { Parameter, SqlDialect } from './sql-session.ts'

/** Gives a value its place in a statement: `$3`. */
export type Place = (value: Parameter) => string

/** All of these values as what a column holds. Throws ApplyFailure when it cannot. */
export function cellFor(column: FormedColumn, values: Values): Parameter {
  const written = values.map((value) => writtenFor(column, value))
  if (column.column.isArray) return written
  if (written.length === 0) return null
  const [first = null] = written
  if (written.length === 1) return first
  const texts = written.filter((each) => typeof each === 'string')
  if (column.separator !== undefined && texts.length === written.length) return texts.join(column.separator)
  throw new ApplyFailure(
    'refused',
    'several-values',
    `the column ${column.attribute} takes one value; \`separators\` says how it holds several`,
  )
}

/** Whether a change needs the values that are there: values joined in a text cannot be added to otherwise. */
export function needsCurrent(column: FormedColumn, modifications: readonly Modification[]): boolean {
  return column.separator !== undefined && modifications.every(({ operation }) => operation !== 'replace')
}

/** The new content of a column as an expression of SQL. `current`: its values, where they are needed. */
export function columnExpression(
  dialect: SqlDialect,
  column: FormedColumn,
  modifications: readonly Modification[],
  current: Values,
  place: Place,
): string {
  const replacing = modifications.findLast(({ operation }) => operation === 'replace')
  if (replacing) return place(cellFor(column, replacing.values))
  if (column.column.isArray && dialect.arrays !== null)
    return arrayExpression(dialect.arrays, dialect.quote(column.column.name), column, modifications, place)
  if (column.separator !== undefined) return place(cellFor(column, modified(column, modifications, current)))
  return place(cellFor(column, modified(column, modifications, [])))
}

function arrayExpression(
  arrays: NonNullable<SqlDialect['arrays']>,
  name: string,
  column: FormedColumn,
  modifications: readonly Modification[],
  place: Place,
): string {
  return modifications.reduce<string>((before, { operation, values }) => {
    if (operation === 'delete' && values.length === 0) return place([])
    return values.reduce<string>(
      (array, value) =>
        arrays[operation === 'add' ? 'with' : 'without'](array, place(writtenFor(column, value))),
      before,
    )
  }, name)
}

/** Deletes first: what is added replaces what a single value was. */
function modified(column: FormedColumn, modifications: readonly Modification[], current: Values): Value[] {
  const { key } = column.values
  const deleted = modifications.filter(({ operation }) => operation === 'delete')
  const gone = new Set(deleted.flatMap(({ values }) => values.map(key)))
  const kept = deleted.some(({ values }) => values.length === 0)
    ? []
    : current.filter((value) => !gone.has(key(value)))
  const added = modifications.flatMap(({ operation, values }) => (operation === 'add' ? values : []))
  const known = new Set(kept.map(key))
  return [...kept, ...added.filter((value) => !known.has(key(value)))]
}

function writtenFor(column: FormedColumn, value: Value): string | Buffer {
  const written = column.values.write(value)
  if (written !== undefined) return written
  throw new ApplyFailure('refused', 'value', `the column ${column.attribute} takes no such value`)
}
