import { readFile } from 'node:fs/promises'
import type { MigrationBuilder } from 'node-pg-migrate'
import { sqlStatements } from './sql-statements.ts'

/**
 * What a file may hold that makes an index beside the work of others, which PostgreSQL does in no transaction. A try that failed leaves an index behind that is
 * not valid: it goes first, and `if not exists` would take it for the right one.
 */
const beside =
  /^(?:drop index concurrently if exists |create (?:unique )?index concurrently (?!if not exists))/i

/** Reads files of SQL for node-pg-migrate, which by itself runs each in a transaction. */
export async function loadMigrations(paths: readonly string[]) {
  return await Promise.all(
    paths.map(async (path) => {
      const text = await readFile(path, 'utf8')
      return { id: path, filePaths: [path], actions: { up: actionOf(path, text), down: false as const } }
    }),
  )
}

function actionOf(path: string, text: string): (pgm: MigrationBuilder) => void {
  const statements = sqlStatements(text)
  if (!statements.some((statement) => /\bindex concurrently\b/i.test(statement)))
    return (pgm) => pgm.sql(text)
  const other = statements.find((statement) => !beside.test(statement))
  if (other !== undefined)
    throw new Error(
      `${path}: beside "index concurrently" there is "${other}", which could not be tried again`,
    )
  return (pgm) => {
    pgm.noTransaction()
    // It is in nobody's way while it waits for transactions that are older, such as a dump of an hour.
    pgm.sql('set lock_timeout = 0')
    // One by one: what is sent together is a transaction.
    for (const statement of statements) pgm.sql(statement)
  }
}
