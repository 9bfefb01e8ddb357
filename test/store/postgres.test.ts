import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { startEmbeddedPostgres } from '../../src/store/embedded-postgres.ts'
import { connectDatabase, type Database } from '../../src/store/postgres.ts'
import { until } from '../support/poll.ts'
import { testDatabase } from '../support/postgres.ts'

const number = z.object({ n: z.number() })

describe('the database', () => {
  let database: Database
  beforeAll(async () => {
    database = connectDatabase((await testDatabase()).url, { max: 4, statementTimeout: 300 })
    await database.execute('create table t (n int primary key)')
  })
  afterAll(() => database.close())

  test('returns rows that have the declared shape, and refuses others', async () => {
    expect(await database.query(number, 'select $1::int as n', [7], 'seven')).toEqual([{ n: 7 }])
    await expect(database.query(number, `select 'seven' as n`)).rejects.toThrow(z.ZodError)
  })

  test('keeps all of a transaction or nothing of it', async () => {
    const kept = await database.transaction(async (tx) => {
      await tx.execute('insert into t values (1), (2)')
      return 'kept'
    })
    const undone = database.transaction(async (tx) => {
      await tx.execute('delete from t')
      throw new Error('changed my mind')
    })
    await expect(undone).rejects.toThrow('changed my mind')
    expect(kept).toBe('kept')
    expect(await database.query(number, 'select n from t order by n')).toEqual([{ n: 1 }, { n: 2 }])
  })

  test('says what is wrong with a statement as PostgreSQL says it', async () => {
    await expect(database.execute('insert into t values (9), (9)')).rejects.toMatchObject({ code: '23505' })
  })

  test('gives up a statement that takes too long, and goes on with the next', async () => {
    await expect(database.execute('select pg_sleep(5)')).rejects.toMatchObject({ code: 'store-unavailable' })
    await database.ping()
  })

  test('refuses when all connections are taken for too long', async () => {
    const busy = connectDatabase(database.url, { max: 1, connectTimeout: 100 })
    await busy.transaction(async () => {
      await expect(busy.ping()).rejects.toMatchObject({ code: 'store-unavailable', retryAfter: 2 })
    })
    await busy.ping()
    await busy.close()
  })
})

test('PostgreSQL may go away and come back: queries fail with store-unavailable, then work, nothing acknowledged is lost', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'outage-'))
  let server = await startEmbeddedPostgres(folder)
  const database = connectDatabase(server.url, { connectTimeout: 500 })
  await database.execute('create table t (n int)')
  const acknowledged = new Set<number>()
  const stop = new AbortController()
  let next = 0
  const failures: unknown[] = []
  const write = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      const n = next++
      const writing = database.transaction((tx) => tx.execute('insert into t values ($1)', [n]))
      await writing.then(
        () => acknowledged.add(n),
        (error: unknown) => failures.push(error),
      )
    }
  }
  const writers = Promise.all([write(), write(), write(), write()])
  await until(() => acknowledged.size > 50, { within: 5000 })
  process.kill(server.pid, 'SIGKILL')
  await server.ended
  await until(() => failures.length > 20, { within: 5000 })
  server = await until(() => startEmbeddedPostgres(folder), { within: 5000 })
  const before = acknowledged.size
  await until(() => acknowledged.size > before + 50, { within: 3000 })
  stop.abort()
  await writers
  expect(
    failures.filter((error) => !(error instanceof Error && error.message === 'store-unavailable')),
  ).toEqual([])
  const found = await database.query(number, 'select n from t')
  const counts = new Set(found.map(({ n }) => n))
  expect([...acknowledged].filter((n) => !counts.has(n))).toEqual([])
  expect(found).toHaveLength(counts.size)
  await database.close()
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

test('a statement that PostgreSQL ends to resolve a deadlock is run again', async () => {
  const database = connectDatabase((await testDatabase()).url)
  for (const table of ['one', 'other']) {
    await database.execute(`create table ${table} (n int)`)
    await database.execute(`insert into ${table} values (0)`)
  }
  const both =
    'with first as (update one set n = n + 1 returning n) update other set n = other.n + 1 from first'
  const migration = database.transaction(async (tx) => {
    // It looks for a deadlock later than the statement does, so that the statement is ended, each time.
    await tx.execute(`set local deadlock_timeout = '20s'`)
    await tx.execute('lock table other in access exclusive mode')
    const written = database.execute(both).catch((error: unknown) => error)
    await until(async () => (await tx.query(number, waitingSql))[0]?.n === 1, { within: 5_000 })
    await tx.execute('lock table one in access exclusive mode')
    return { written }
  })
  expect(await (await migration).written).toBe(1)
  expect(await database.query(number, 'select n from other')).toEqual([{ n: 1 }])
  await database.close()
})

test('a transaction that PostgreSQL ends to resolve a deadlock is run again, on what is there then', async () => {
  const database = connectDatabase((await testDatabase()).url)
  const tables = ['one', 'other']
  for (const table of tables) await database.execute(`create table ${table} as select 0 as n`)
  const met = new Set<string>()
  let runs = 0
  const increase = (order: readonly string[]) =>
    database.transaction(async (tx) => {
      runs++
      for (const table of order) {
        const [found] = await tx.query(number, `select n from ${table} for update`)
        await tx.execute(`update ${table} set n = $1`, [(found?.n ?? 0) + 1])
        met.add(table)
        await until(() => met.size === tables.length, { within: 5_000 })
      }
    })
  await Promise.all([increase(tables), increase(tables.toReversed())])
  expect(runs).toBeGreaterThan(2) // the one that was ended may come back before the other has what it waits for
  for (const table of tables)
    expect(await database.query(number, `select n from ${table}`)).toEqual([{ n: 2 }])
  await database.close()
})

const waitingSql = `select count(*)::int as n from pg_locks
  where not granted and database = (select oid from pg_database where datname = current_database())`
