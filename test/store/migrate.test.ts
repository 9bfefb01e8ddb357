import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { migrate } from '../../src/store/migrate.ts'
import { doneMigrations, pendingMigrations } from '../../src/store/migrations.ts'
import { connectDatabase, type Database } from '../../src/store/postgres.ts'
import { until } from '../support/poll.ts'
import { testDatabase } from '../support/postgres.ts'

let database: Database
let folder: string

beforeEach(async () => {
  database = connectDatabase((await testDatabase()).url)
  folder = await mkdtemp(join(tmpdir(), 'migrations-'))
})
afterEach(async () => {
  await database.close()
  await rm(folder, { recursive: true })
})

/** A session of its own, as a long report is one. */
async function connect(program: string): Promise<Client> {
  const client = new Client({ connectionString: database.url, application_name: program })
  client.on('error', () => {})
  await client.connect()
  onTestFinished(async () => await client.end())
  return client
}

const write = async (name: string, sql: string) => await writeFile(join(folder, `${name}.sql`), sql)
const count = z.object({ n: z.number() })

async function hasTable(name: string): Promise<boolean> {
  const [found] = await database.query(count, 'select count(*)::int as n from pg_class where relname = $1', [
    name,
  ])
  return found?.n === 1
}

const isWaiting = (program: string) => async () => {
  const sql = `select count(*)::int as n from pg_stat_activity
    where wait_event_type = 'Lock' and application_name = $1 and datname = current_database()`
  return (await database.query(count, sql, [program]))[0]?.n === 1
}

test('migrations run once, whoever starts first; until then they are pending', async () => {
  const { url } = database
  const pending = await pendingMigrations(database)
  expect(pending).toContain('0001_ephemeral')
  const runs = await Promise.all([migrate(url), migrate(url), migrate(url)])
  expect(runs.flat().toSorted()).toEqual(pending)
  expect(await pendingMigrations(database)).toEqual([])
})

test('who comes after a migration that waits for a long query is held up no longer than its patience, and it succeeds when the query ends', async () => {
  await database.execute('create table people (n int)')
  await write('0001_add', 'alter table people add column more text')
  const report = await connect('report')
  await report.query('begin')
  await report.query('select from people')
  const lines: string[] = []
  const options = { folder, lockTimeout: 400, pauses: Array.from({ length: 50 }, () => 50) }
  const migrating = migrate(database.url, { ...options, log: (line) => lines.push(line) })
  await until(isWaiting('idaas-migrate'), { within: 5_000 })
  const since = performance.now()
  await database.query(count, 'select count(n)::int as n from people')
  expect(performance.now() - since).toBeLessThan(1_000)
  await until(() => lines.length > 0, { within: 5_000 })
  expect(lines[0]).toMatch(
    /^0001_add did not get its locks, held by pid \d+ \(report, idle in transaction, for \d+ s\); again in 0.05 s$/,
  )
  await report.query('commit')
  expect(await migrating).toEqual(['0001_add'])
  expect(lines.at(-1)).toBe('ran 0001_add')
  await database.execute('select more from people')
})

test('a migration that never gets its locks says whose they are, and leaves what was before it done', async () => {
  await database.execute('create table people (n int)')
  await write('0001_new', 'create table new (n int)')
  await write('0002_add', 'create table half (n int); alter table people add column more text')
  const report = await connect('report')
  await report.query('begin')
  const [reader] = (
    await report.query<{ pid: number }>('select pg_backend_pid() as pid, count(*) from people')
  ).rows
  await expect(migrate(database.url, { folder, lockTimeout: 100, pauses: [10, 10] })).rejects.toMatchObject({
    name: 'CannotStart',
    message: expect.stringMatching(
      new RegExp(`^0002_add [^]* select pg_terminate_backend\\(${reader?.pid}\\);`),
    ),
  })
  expect(await doneMigrations(database)).toEqual(new Set(['0001_new']))
  expect(await hasTable('half')).toBe(false)
})

test('a migration that fails in the middle is not done at all, and those before it are', async () => {
  await write('0001_new', 'create table new (n int)')
  await write('0002_wrong', 'create table half (n int); insert into half values (1 / 0)')
  await write('0003_later', 'create table later (n int)')
  await expect(migrate(database.url, { folder })).rejects.toMatchObject({ code: '22012' })
  expect(await doneMigrations(database)).toEqual(new Set(['0001_new']))
  expect([await hasTable('half'), await hasTable('later')]).toEqual([false, false])
  await write('0002_wrong', 'create table half (n int)')
  expect(await migrate(database.url, { folder })).toEqual(['0002_wrong', '0003_later'])
})

test('an index that is made beside the work of others waits for the transactions before it, and holds up nobody', async () => {
  await database.execute('create table people (n int)')
  await write('0001_index', 'drop index concurrently if exists i; create index concurrently i on people (n)')
  const dump = await connect('dump')
  await dump.query('begin isolation level repeatable read')
  await dump.query('select count(*) from people')
  const migrating = migrate(database.url, { folder, lockTimeout: 50, pauses: [] })
  await until(isWaiting('idaas-migrate'), { within: 5_000 })
  const since = performance.now()
  while (performance.now() - since < 150) await database.execute('insert into people values (1)')
  await dump.query('commit')
  expect(await migrating).toEqual(['0001_index'])
  const [index] = await database.query(
    z.object({ valid: z.boolean() }),
    `select indisvalid as valid from pg_index where indexrelid = 'i'::regclass`,
  )
  expect(index).toEqual({ valid: true })
})

test('what cannot be tried again is not taken beside such an index', async () => {
  await write('0001_index', 'create index concurrently if not exists i on people (n)')
  await expect(migrate(database.url, { folder })).rejects.toThrow('which could not be tried again')
})

test('of two processes the one that waits says for whom', async () => {
  await database.execute('create table people (n int)')
  await write('0001_add', 'alter table people add column more text')
  const report = await connect('report')
  await report.query('begin')
  await report.query('select from people')
  const first = migrate(database.url, { folder })
  await until(isWaiting('idaas-migrate'), { within: 5_000 })
  const lines: string[] = []
  const second = migrate(database.url, { folder, log: (line) => lines.push(line) })
  await until(() => lines.length > 0, { within: 5_000 })
  await report.query('commit')
  expect([await first, await second]).toEqual([['0001_add'], []])
  expect(lines).toEqual([
    expect.stringMatching(
      /^waiting for another process that migrates this database: pid \d+ \(idaas-migrate, /,
    ),
  ])
})
