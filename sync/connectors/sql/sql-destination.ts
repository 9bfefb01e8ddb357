import type { SqlDestination } from '../../../src/config/sync-side-schema.ts'
import type { Change } from '../../plan/change.ts'
import type { SyncRecord } from '../../record.ts'
import { ApplyFailure, type Destination } from '../connector.ts'
import {
  attributesToRead,
  deleteStatement,
  insertStatement,
  renameStatement,
  updateStatement,
} from './row-statements.ts'
import { sqlComparison } from './sql-comparison.ts'
import type { SqlDialect, SqlSession, Statement } from './sql-session.ts'
import { sqlSource } from './sql-source.ts'
import { describeTable, type SqlTable } from './sql-table.ts'

/** A table that is written: a record is a row, its name and id the key. Throws IncompleteSource when there is no such table. */
export async function openSqlDestination(
  session: SqlSession,
  dialect: SqlDialect,
  side: SqlDestination,
  clock: () => Date,
): Promise<Destination> {
  const table = await describeTable(session, dialect, side)
  const source = sqlSource(session, dialect, { ...side, severalRows: false }, clock)
  const reread = async (names: readonly string[], attributes: readonly string[] | 'all') =>
    (await source.find?.(side.key, names, { attributes })) ?? []
  const run = (statement: Statement, missing: ApplyFailure): Promise<void> =>
    runOne(session, dialect, statement, missing)
  const write = {
    table,
    run,
    read: async (name: string, attributes: string[]) => (await reread([name], attributes))[0],
  }
  return {
    ...source,
    comparison: sqlComparison(table),
    isKnownByName: true,
    reread,
    rereadNamed: reread,
    apply: (change) => applyTo(write, change),
  }
}

type Write = {
  readonly table: SqlTable
  run(statement: Statement, missing: ApplyFailure): Promise<void>
  read(name: string, attributes: string[]): Promise<SyncRecord | undefined>
}

async function applyTo({ table, run, read }: Write, change: Change): Promise<void> {
  const gone = new ApplyFailure('gone', 'no-row', 'there is no row with this key')
  switch (change.kind) {
    case 'create':
      return await run(insertStatement(table, change.name, change.attributes), gone)
    case 'update': {
      if (change.modifications.length === 0) return
      const asked = attributesToRead(table, change.modifications)
      const current = asked.length === 0 ? undefined : await read(change.name, asked)
      if (asked.length > 0 && current === undefined) throw gone
      const missing = current && new ApplyFailure('busy', 'changed', 'the row was changed meanwhile')
      return await run(updateStatement(table, change.name, change.modifications, current), missing ?? gone)
    }
    case 'rename':
      return await run(renameStatement(table, change.name, change.to), gone)
    case 'delete':
      return await run(deleteStatement(table, change.name), gone)
    case 'disable':
    case 'enable':
      throw new ApplyFailure(
        'refused',
        'disable',
        'a row cannot be disabled; a task can write a column instead',
      )
  }
}

async function runOne(
  session: SqlSession,
  dialect: SqlDialect,
  statement: Statement,
  missing: ApplyFailure,
): Promise<void> {
  let changed
  try {
    changed = await session.execute(statement)
  } catch (error) {
    const { apply, code, detail } = dialect.failureOf(error)
    throw new ApplyFailure(apply, code, detail, { cause: error })
  }
  if (changed === 0) throw missing
}
