import type { SqlSource } from '../../../src/config/sync-side-schema.ts'
import type { SyncRecord } from '../../record.ts'
import type { Wanted } from '../connector.ts'
import { mergeRows, type ReadRow } from '../merge-rows.ts'
import { rowReader } from './row-form.ts'
import type { Parameter, SqlDialect, SqlSession } from './sql-session.ts'
import { asIncomplete, select, type SqlTable } from './sql-table.ts'

/** What reads a table. */
export type Reading = {
  readonly session: SqlSession
  readonly side: Pick<SqlSource, 'key' | 'severalRows'>
  readonly table: () => Promise<SqlTable>
}

/** All rows, or those of a condition. Throws IncompleteSource. */
export async function* readTable(
  { session, side, table }: Reading,
  wanted: Wanted,
  condition?: { sql: string; values: readonly Parameter[] },
): AsyncGenerator<SyncRecord> {
  const described = await table()
  const { dialect } = described
  const where = condition === undefined ? '' : ` where ${condition.sql}`
  const order = side.severalRows ? ` order by ${dialect.quote(described.key.column.name)}` : ''
  const { sql, columns } = select(described, wanted.attributes, where + order)
  const read = rowReader(columns, side.key, wanted.attributes)
  const rows = rowsOf(session, dialect, { sql, values: condition?.values ?? [] }, read, wanted.signal)
  for await (const row of side.severalRows ? mergeRows(rows, new Set()) : rows) {
    if ('fault' in row) wanted.onFault?.(row.fault)
    else yield row.record
  }
}

async function* rowsOf(
  session: SqlSession,
  dialect: SqlDialect,
  statement: { sql: string; values: readonly Parameter[] },
  read: ReturnType<typeof rowReader>,
  signal: AbortSignal | undefined,
): AsyncGenerator<ReadRow> {
  try {
    for await (const { rows } of session.stream(statement, signal)) for (const row of rows) yield read(row)
  } catch (error) {
    throw signal?.aborted === true ? error : asIncomplete(dialect, error)
  }
}

/** The condition for all rows of those records of which one row meets this one. */
export function wholeRecords(
  { dialect, from, key }: SqlTable,
  { severalRows }: Pick<SqlSource, 'severalRows'>,
  condition: string,
): string {
  const name = dialect.quote(key.column.name)
  return severalRows ? `${name} in (select ${name} from ${from} where ${condition})` : condition
}
