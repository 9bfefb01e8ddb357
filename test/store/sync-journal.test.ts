import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { migrate } from '../../src/store/migrate.ts'
import { connectDatabase, type Database } from '../../src/store/postgres.ts'
import { createSyncJournal, type JournalRow, type SyncJournal } from '../../src/store/sync-journal.ts'
import { uuidV7 } from '../../src/store/uuid-v7.ts'
import { testDatabase } from '../support/postgres.ts'
import { updateRow } from './sync-rows.ts'

let journal: SyncJournal
/** One connection, so that it knows its own statistics. */
let database: Database
beforeAll(async () => {
  const { url } = await testDatabase()
  await migrate(url)
  database = connectDatabase(url, { max: 1 })
  journal = createSyncJournal(database)
  return () => database.close()
})

/** So far, of the journals of all runs. */
async function rowsRead(): Promise<number> {
  await database.execute('select pg_stat_force_next_flush()')
  const [row] = await database.query(
    z.object({ count: z.coerce.number() }),
    "select idx_tup_fetch + seq_tup_read as count from pg_stat_user_tables where relname = 'sync_journal'",
  )
  return row?.count ?? Number.NaN
}

const newRun = () => uuidV7(new Date())
const start = { stage: -1, seq: -1 }
const seqs = (rows: readonly JournalRow[]) => rows.map(({ seq }) => seq)

describe('the journal of a run', () => {
  test('gives back what was written: text of any kind, bytes, sealed secrets', async () => {
    const run = newRun()
    const secret = updateRow(1, {
      kind: 'create',
      change: {
        kind: 'create',
        name: 'cn=Éloïse "Q" \\, l’aînée',
        attributes: {
          cn: ['a\nb', '\0', '\ud800', '{}'],
          photo: [{ binary: 'AAEC' }],
          userPassword: [{ secret: 0 }],
        },
      },
      name: 'with "quotes", {braces}, \\ and\nlines',
      key: '',
      before: {},
      sealed: 'k.abc',
      destinationId: null,
      sourceId: null,
      sourceName: null,
    })
    await journal.append(run, [updateRow(0), secret])
    const fresh = { state: 'planned', attempts: 0, error: null }
    expect(await journal.next(run, start, 10, ['planned'])).toEqual([
      { ...updateRow(0), ...fresh },
      { ...secret, ...fresh },
    ])
  })

  test('takes a NUL in what is searched for a sign that cannot be kept, and finds it all the same', async () => {
    const run = newRun()
    await journal.append(run, [updateRow(0, { name: 'a\0b', key: 'k\0' })])
    expect((await journal.list(run, { limit: 1 }))[0]?.name).toBe('a\uFFFDb')
    expect(await journal.withdraw(run, ['k\0'])).toEqual({ update: 1 })
  })

  test('gives what is large a little at a time, each row once', async () => {
    const run = newRun()
    const photo = { jpegPhoto: [{ binary: 'A'.repeat(12_000_000) }] }
    for (let seq = 0; seq < 5; seq++) await journal.append(run, [updateRow(seq, { before: photo })])
    const first = await journal.next(run, start, 100, ['planned'])
    expect(seqs(first)).toEqual([0, 1, 2])
    expect(first[0]?.before).toEqual(photo)
    expect(seqs(await journal.next(run, { stage: first[0]?.stage ?? 0, seq: 2 }, 100, ['planned']))).toEqual([
      3, 4,
    ])
  })

  test('is read in the order of stages, from any place on, in the states that are asked for', async () => {
    const run = newRun()
    await journal.append(
      run,
      [1, 0, 1, 0, 2].map((stage, seq) => updateRow(seq, { stage })),
    )
    expect(seqs(await journal.next(run, start, 3, ['planned']))).toEqual([1, 3, 0])
    expect(seqs(await journal.next(run, { stage: 1, seq: 0 }, 3, ['planned']))).toEqual([2, 4])
    await journal.mark(run, [{ seq: 2, state: 'sent' }])
    expect(seqs(await journal.next(run, start, 9, ['sent']))).toEqual([2])
    expect(seqs(await journal.next(run, start, 9, ['sent', 'planned']))).toEqual([1, 3, 0, 2, 4])
    expect(await journal.next(newRun(), start, 9, ['planned'])).toEqual([])
  })

  test('remembers what became of each row, and keeps what is not told', async () => {
    const run = newRun()
    await journal.append(run, [updateRow(0, { sealed: 'k.x' }), updateRow(1), updateRow(2)])
    await journal.mark(run, [
      { seq: 0, state: 'sent', before: { cn: ['whole record'] } },
      { seq: 1, state: 'sent' },
    ])
    await journal.mark(run, [
      { seq: 0, state: 'done', destinationId: 'new-id' },
      { seq: 1, state: 'failed', error: { code: 'LDAP 19', detail: 'no "such" value' } },
    ])
    const [first, second, third] = await journal.list(run, { limit: 9 })
    expect(first).toMatchObject({
      state: 'done',
      attempts: 1,
      destinationId: 'new-id',
      before: { cn: ['whole record'] },
      sealed: 'k.x',
      error: null,
    })
    expect(second).toMatchObject({ ...updateRow(1), state: 'failed', attempts: 1 })
    expect(second?.error).toEqual({ code: 'LDAP 19', detail: 'no "such" value' })
    expect(third).toMatchObject({ state: 'planned', attempts: 0 })
    await journal.mark(run, [{ seq: 1, state: 'sent' }])
    expect((await journal.list(run, { state: 'sent', limit: 9 }))[0]).toMatchObject({
      attempts: 2,
      error: null,
    })
  })

  test('marks what was planned just now without reading the rest of it', async () => {
    const run = newRun()
    const rows = Array.from({ length: 20_000 }, (_, seq) => updateRow(seq))
    await journal.append(run, rows)
    const before = await rowsRead()
    await journal.mark(
      run,
      rows.slice(0, 200).map(({ seq }) => ({ seq, state: 'sent' })),
    )
    expect((await rowsRead()) - before).toBeLessThan(1_000)
  })

  test('counts by kind and state', async () => {
    const run = newRun()
    const kinds = ['create', 'create', 'update', 'delete'] as const
    await journal.append(
      run,
      kinds.map((kind, seq) => updateRow(seq, { kind })),
    )
    await journal.mark(run, [{ seq: 0, state: 'done' }])
    expect(await journal.counts(run)).toHaveLength(4)
    expect(await journal.counts(run)).toContainEqual({ kind: 'create', state: 'planned', count: 1 })
  })

  test('gives up what turned out ambiguous', async () => {
    const run = newRun()
    const kinds = ['create', 'update', 'update', 'rename'] as const
    await journal.append(
      run,
      kinds.map((kind, seq) => updateRow(seq, { kind, key: seq === 3 ? 'other' : 'same' })),
    )
    expect(await journal.withdraw(run, ['same', 'unknown'])).toEqual({ create: 1, update: 2 })
    expect(seqs(await journal.list(run, { limit: 9 }))).toEqual([3])
  })

  test('is searched by kind, state and a part of the name in any case, page by page', async () => {
    const run = newRun()
    await journal.append(
      run,
      Array.from({ length: 6 }, (_, seq) => updateRow(seq, { name: `CN=Person_${seq}%` })),
    )
    await journal.append(run, [updateRow(6, { kind: 'delete' })])
    const first = await journal.list(run, { kind: 'update', limit: 4 })
    expect(seqs(first)).toEqual([0, 1, 2, 3])
    expect(seqs(await journal.list(run, { kind: 'update', limit: 4, after: 3 }))).toEqual([4, 5])
    expect(seqs(await journal.list(run, { name: 'person_4%', limit: 4 }))).toEqual([4])
    expect(await journal.list(run, { state: 'failed', limit: 4 })).toEqual([])
  })
})

test('findings are kept in their order and read by kind', async () => {
  const run = newRun()
  await journal.addFindings(run, [
    { kind: 'ambiguous', subject: 'uid=a', detail: { others: ['x', 'y\n"z"'] } },
    { kind: 'kept', subject: 'uid=b', detail: { attribute: 'pwdAccountLockedTime', by: null } },
    { kind: 'ambiguous', subject: 'uid=c', detail: {} },
  ])
  await journal.addFindings(run, [])
  const all = await journal.findings(run, { limit: 9 })
  expect(all.map(({ subject }) => subject)).toEqual(['uid=a', 'uid=b', 'uid=c'])
  expect(all[0]?.detail).toEqual({ others: ['x', 'y\n"z"'] })
  const after = all[0]?.seq ?? 0
  expect(
    (await journal.findings(run, { kind: 'ambiguous', after, limit: 9 })).map(({ subject }) => subject),
  ).toEqual(['uid=c'])
})
