import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
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

/** Names of the migrations that the database has had. */
export async function doneMigrations(queries: Queries): Promise<ReadonlySet<string>> {
  const [known] = await queries.query(
    z.object({ exists: z.boolean() }),
    `select to_regclass('${table}') is not null as exists`,
  )
  if (known?.exists !== true) return new Set()
  const rows = await queries.query(z.object({ name: z.string() }), `select name from ${table}`)
  return new Set(rows.map(({ name }) => name))
}

/** Names of the migrations that this version has and the database does not: we are not ready while there are any. */
export async function pendingMigrations(queries: Queries): Promise<string[]> {
  const done = await doneMigrations(queries)
  return (await ownMigrations()).filter((name) => !done.has(name))
}

/** The file of a migration. */
export function migrationFile(name: string): string {
  return join(folder, `${name}.sql`)
}

/** Names of the migrations of this version, in their order. */
export async function ownMigrations(): Promise<string[]> {
  const files = await readdir(folder)
  return files
    .filter((file) => file.endsWith('.sql'))
    .map((file) => file.slice(0, -'.sql'.length))
    .toSorted()
}
