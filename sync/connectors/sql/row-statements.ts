import type { Attributes, Modification } from '../../plan/change.ts'
import type { SyncRecord } from '../../record.ts'
import { ApplyFailure } from '../connector.ts'
import { cellFor, columnExpression, needsCurrent, type Place } from './column-write.ts'
import type { FormedColumn } from './row-form.ts'
import type { Parameter, Statement } from './sql-session.ts'
import type { SqlTable } from './sql-table.ts'

/** The row with this key is made. */
export function insertStatement(table: SqlTable, name: string, attributes: Attributes): Statement {
  const { dialect, from, key } = table
  const cells = new Map([...attributes].map(([attribute, values]) => [columnOf(table, attribute), values]))
  if (!cells.has(key)) cells.set(key, [name])
  const { values, place } = places(table)
  const content = [...cells].map(([column, held]) => place(cellFor(column, held)))
  const names = [...cells.keys()].map(({ column }) => dialect.quote(column.name))
  return { sql: `insert into ${from} (${names.join(', ')}) values (${content.join(', ')})`, values }
}

/** Attributes whose values have to be read first: see `updateStatement`. */
export function attributesToRead(table: SqlTable, modifications: readonly Modification[]): string[] {
  return [...byColumn(table, modifications)].flatMap(([column, changes]) =>
    needsCurrent(column, changes) ? [column.attribute] : [],
  )
}

/**
 * The row is changed, in one statement. `current`: the row as it was read, when `attributesToRead` asked for it; then the statement changes
 * nothing if these attributes are others by now.
 */
export function updateStatement(
  table: SqlTable,
  name: string,
  modifications: readonly Modification[],
  current: SyncRecord | undefined,
): Statement {
  const { dialect, from, key } = table
  const { values, place } = places(table)
  const conditions: (() => string)[] = [() => equals(table, key, name, place)]
  const settings = [...byColumn(table, modifications)].map(([column, changes]) => {
    const before = current?.values(column.attribute) ?? []
    const quoted = dialect.quote(column.column.name)
    if (needsCurrent(column, changes))
      conditions.push(() =>
        before.length === 0 ? `${quoted} is null` : `${quoted} = ${place(cellFor(column, before))}`,
      )
    return `${quoted} = ${columnExpression(dialect, column, changes, before, place)}`
  })
  // In the order of the text: MySQL counts its places.
  const where = conditions.map((condition) => condition()).join(' and ')
  return { sql: `update ${from} set ${settings.join(', ')} where ${where}`, values }
}

/** The row gets another key. */
export function renameStatement(table: SqlTable, name: string, to: string): Statement {
  const { dialect, from, key } = table
  const { values, place } = places(table)
  const setting = `${dialect.quote(key.column.name)} = ${place(cellFor(key, [to]))}`
  return { sql: `update ${from} set ${setting} where ${equals(table, key, name, place)}`, values }
}

export function deleteStatement(table: SqlTable, name: string): Statement {
  const { values, place } = places(table)
  return { sql: `delete from ${table.from} where ${equals(table, table.key, name, place)}`, values }
}

function equals({ dialect }: SqlTable, key: FormedColumn, name: string, place: Place): string {
  return `${dialect.quote(key.column.name)} = ${place(cellFor(key, [name]))}`
}

function places({ dialect }: SqlTable): { values: Parameter[]; place: Place } {
  const values: Parameter[] = []
  return { values, place: (value) => dialect.parameter(values.push(value)) }
}

function byColumn(table: SqlTable, modifications: readonly Modification[]) {
  return Map.groupBy(modifications, ({ attribute }) => columnOf(table, attribute))
}

function columnOf({ columns }: SqlTable, attribute: string): FormedColumn {
  const found = columns.find((each) => each.attribute === attribute.toLowerCase())
  if (found) return found
  throw new ApplyFailure('refused', 'no-column', `the table has no column ${attribute}`)
}
