import type { SqlSource } from '../../../src/config/sync-side-schema.ts'
import type { SyncRecord, Value } from '../../record.ts'
import type { Source, Wanted } from '../connector.ts'
import { sqlFeed } from './sql-feed.ts'
import { readTable, wholeRecords, type Reading } from './read-table.ts'
import type { SqlDialect, SqlSession } from './sql-session.ts'
import { amongConditions, describeTable, type SqlTable } from './sql-table.ts'

/** The rows of a table, or of a query, as records. Closing it closes the session. */
export function sqlSource(
  session: SqlSession,
  dialect: SqlDialect,
  side: SqlSource,
  clock: () => Date,
): Source {
  let described: Promise<SqlTable> | undefined
  const table = (): Promise<SqlTable> => {
    described ??= describeTable(session, dialect, side)
    // The next one asks again.
    described.catch(() => (described = undefined))
    return described
  }
  const reading = { session, side, table }
  return {
    read: (wanted) => readTable(reading, wanted),
    find: (attribute, values, wanted) => findRows(reading, attribute, values, wanted),
    ...(side.changes && { feed: sqlFeed({ ...reading, changes: side.changes, clock }) }),
    close: () => session.close(),
  }
}

async function findRows(
  reading: Reading,
  attribute: string,
  values: readonly Value[],
  wanted: Wanted,
): Promise<SyncRecord[]> {
  const table = await reading.table()
  const column = table.columns.find((each) => each.attribute === attribute.toLowerCase())
  if (!column) return []
  const found = new Map<string, SyncRecord>()
  for (const condition of amongConditions(table, column, values)) {
    const sql = wholeRecords(table, reading.side, condition.sql)
    for await (const record of readTable(reading, wanted, { ...condition, sql })) found.set(record.id, record)
  }
  return [...found.values()]
}
