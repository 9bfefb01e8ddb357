import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { pendingLocks } from '../../src/store/pending-locks.ts'
import { connectDatabase } from '../../src/store/postgres.ts'
import { testDatabase } from '../support/postgres.ts'

test('a lock is held until its migration ends, and not while the next one runs', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'migrations-'))
  const database = connectDatabase((await testDatabase()).url)
  onTestFinished(async () => {
    await database.close()
    await rm(folder, { recursive: true })
  })
  await database.execute('create table people (n int)')
  await database.execute('create table visits (n int)')
  await database.execute('insert into people values (1)')
  await database.execute('insert into visits values (1)')
  const fills = 'alter table people add column a int; update visits set n = 2; update people set a = 3'
  await writeFile(join(folder, '0001_fill.sql'), fills)
  await writeFile(join(folder, '0002_add.sql'), 'alter table people add column b int')
  const locks = await pendingLocks(database, folder)
  expect(locks.map(({ blocks, seconds }) => [blocks, seconds])).toEqual([
    ['everything', 2],
    ['rows', 2],
    ['rows', 1],
    ['everything', 0],
  ])
})
