import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { migrationFile, migrationsFolder, pendingMigrations } from './migrations.ts'
import type { Queries } from './postgres.ts'
import { sqlStatements } from './sql-statements.ts'
import { statementLock, type StatementLock } from './statement-lock.ts'

export type PendingLock = StatementLock & {
  readonly migration: string
  readonly statement: string
  /** Of the table with its indexes, in bytes; 0 for a table that is not there yet. */
  readonly bytes: number
  /** How long it is held, about. */
  readonly seconds: number
}

/** Bytes a second that a table is read, or an index made, on a modest disk: better too long than too short. */
const SPEED = 20_000_000

/** What each statement of the pending migrations would hold, and for how long, as far as the sizes of the tables tell. */
export async function pendingLocks(queries: Queries, folder = migrationsFolder): Promise<PendingLock[]> {
  const sizes = new Map((await queries.query(sizeRow, sizesSql)).map(({ table, bytes }) => [table, bytes]))
  const locks: PendingLock[] = []
  for (const migration of await pendingMigrations(queries, folder)) {
    const statements = sqlStatements(await readFile(migrationFile(migration, folder), 'utf8'))
    let seconds = 0
    const held = statements.toReversed().map((statement) => {
      const lock = statementLock(statement)
      const bytes = lock.table === null ? 0 : (sizes.get(lock.table) ?? 0)
      // Held until the migration ends, so while all that follows is done.
      seconds += lock.work === 'whole' ? Math.ceil(bytes / SPEED) : 0
      // A table that is not there yet is in nobody's way.
      const isNew = lock.table !== null && !sizes.has(lock.table)
      return { ...lock, ...(isNew && { blocks: 'nothing' as const }), migration, statement, bytes, seconds }
    })
    locks.push(...held.toReversed())
  }
  return locks
}

const sizeRow = z.object({ table: z.string(), bytes: z.coerce.number() })

const sizesSql = `select relname as table, pg_total_relation_size(oid) as bytes from pg_class
  where relkind in ('r', 'p') and relnamespace = current_schema()::regnamespace`
