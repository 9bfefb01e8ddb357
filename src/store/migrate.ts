import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { runner } from 'node-pg-migrate'
import { z } from 'zod'
import type { Queries } from './postgres.ts'

const folder = fileURLToPath(new URL('../../migrations', import.meta.url))
const table = 'migrations'

/**
 * Brings the database at `url` to the newest schema and returns the names of the migrations that it ran. Of several processes that do
 * this at once one works and the others wait.
 */
export async function migrate(url: string, log: (line: string) => void = () => {}): Promise<string[]> {
  const done = await runner({
    databaseUrl: url,
    dir: folder,
    direction: 'up',
    migrationsTable: table,
    advisoryLockMode: 'wait',
    log,
  })
  return done.map(({ name }) => name)
}

/** Names of the migrations that this version has and the database does not: we are not ready while there are any. */
export async function pendingMigrations(queries: Queries): Promise<string[]> {
  const known = await queries.query(
    z.object({ exists: z.boolean() }),
    `select to_regclass('${table}') is not null as exists`,
  )
  const rows =
    known[0]?.exists === true
      ? await queries.query(z.object({ name: z.string() }), `select name from ${table}`)
      : []
  const done = new Set(rows.map(({ name }) => name))
  const files = await readdir(folder)
  const names = files.filter((file) => file.endsWith('.sql')).map((file) => file.slice(0, -'.sql'.length))
  return names.filter((name) => !done.has(name)).toSorted()
}
