import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { Queries } from './postgres.ts'

/** Where the migrations of this version are. */
export const migrationsFolder = fileURLToPath(new URL('../../migrations', import.meta.url))
/** The table of those that a database has had. */
export const migrationsTable = 'migrations'

/** Names of the migrations that the database has had. */
export async function doneMigrations(queries: Queries): Promise<ReadonlySet<string>> {
  const [known] = await queries.query(
    z.object({ exists: z.boolean() }),
    `select to_regclass('${migrationsTable}') is not null as exists`,
  )
  if (known?.exists !== true) return new Set()
  const rows = await queries.query(z.object({ name: z.string() }), `select name from ${migrationsTable}`)
  return new Set(rows.map(({ name }) => name))
}

/** Names of the migrations that this version has and the database does not: we are not ready while there are any. */
export async function pendingMigrations(queries: Queries, folder = migrationsFolder): Promise<string[]> {
  const done = await doneMigrations(queries)
  return (await ownMigrations(folder)).filter((name) => !done.has(name))
}

/** The file of a migration. */
export function migrationFile(name: string, folder = migrationsFolder): string {
  return join(folder, `${name}.sql`)
}

/** Names of the migrations of this version, in their order. */
export async function ownMigrations(folder = migrationsFolder): Promise<string[]> {
  const files = await readdir(folder)
  return files
    .filter((file) => file.endsWith('.sql'))
    .map((file) => file.slice(0, -'.sql'.length))
    .toSorted()
}
