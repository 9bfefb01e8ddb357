import { randomBytes } from 'node:crypto'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { inject } from 'vitest'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/store/embedded-postgres.ts'

/** A database of this test's own, empty. */
export interface TestDatabase {
  readonly url: string
  /** Ends its sessions and removes it. It goes with the run anyway. */
  drop(): Promise<void>
}

/** A PostgreSQL of one's own (about 0.5 s), for tests that end it; others share one: {@link testDatabase}. */
export async function startPostgres(): Promise<EmbeddedPostgres> {
  return await startEmbeddedPostgres(await mkdtemp(join(tmpdir(), 'pg-')), { durable: false })
}

/** Makes a database (about 30 ms) on the run's PostgreSQL. */
export async function testDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`
  const server = inject('postgresUrl') ?? (await startPostgres()).url
  await query(server, `CREATE DATABASE ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => query(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) }
}

async function query(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
