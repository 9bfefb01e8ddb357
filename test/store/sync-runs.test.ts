import { beforeAll, describe, expect, test } from 'vitest'
import { migrate } from '../../src/store/migrate.ts'
import { connectDatabase, type Database } from '../../src/store/postgres.ts'
import { readSyncFigures } from '../../src/store/sync-figures.ts'
import { createSyncJournal } from '../../src/store/sync-journal.ts'
import { createSyncRuns, noCounts, type RunRequest, type SyncRuns } from '../../src/store/sync-runs.ts'
import { testDatabase } from '../support/postgres.ts'
import { updateRow } from './sync-rows.ts'

let database: Database
let runs: SyncRuns
beforeAll(async () => {
  const { url } = await testDatabase()
  await migrate(url)
  database = connectDatabase(url)
  runs = createSyncRuns(database)
  return () => database.close()
})

const at = (minute: number) => new Date(Date.UTC(2026, 10, 25, 10, minute))

const request = (task: string, extra: Partial<RunRequest> = {}): RunRequest => ({
  tenant: 'acme',
  task,
  kind: 'full',
  preview: false,
  requestedBy: 'ada',
  only: null,
  undoes: null,
  ...extra,
})

describe('a run', () => {
  test('is kept as it was asked for, and found only by its own tenant', async () => {
    const asked = request('people', { kind: 'entry', only: { attribute: 'uid', value: 'alice' } })
    const run = await runs.request(asked, at(0))
    expect(run).toMatchObject({
      ...asked,
      state: 'queued',
      requestedAt: at(0),
      startedAt: null,
      endedAt: null,
    })
    expect(await runs.read('acme', run.id)).toEqual(run)
    expect(await runs.read('other', run.id)).toBeNull()
    expect(await runs.read('acme', `${run.id}' or true --`)).toBeNull()
  })

  test('moves on only from a state that it is in, and carries the times of its states', async () => {
    const { id } = await runs.request(request('times'), at(0))
    expect(await runs.advance(id, ['queued'], 'reading', at(1))).toBe(true)
    expect(await runs.advance(id, ['queued'], 'reading', at(2))).toBe(false)
    const guards = [{ guard: 'deletes', count: 40, limit: 20 } as const]
    await runs.advance(id, ['reading'], 'held', at(3), { guards })
    expect(await runs.read('acme', id)).toMatchObject({
      state: 'held',
      startedAt: at(1),
      endedAt: at(3),
      guards,
    })
    expect(await runs.approve('other', id, 'eve', at(4))).toBe(false)
    expect(await runs.approve('acme', id, 'ada', at(4))).toBe(true)
    expect(await runs.approve('acme', id, 'hugo', at(5))).toBe(false)
    expect(await runs.read('acme', id)).toMatchObject({ state: 'approved', approvedBy: 'ada', endedAt: null })
    await runs.advance(id, ['approved'], 'applying', at(6))
    await runs.advance(id, ['applying'], 'failed', at(7), { failure: { code: 'lost', detail: 'gone' } })
    expect(await runs.read('acme', id)).toMatchObject({
      startedAt: at(1),
      endedAt: at(7),
      guards,
      failure: { code: 'lost', detail: 'gone' },
    })
  })

  test('tells its runner at the next heartbeat that somebody cancelled it', async () => {
    const { id } = await runs.request(request('cancelled'), at(0))
    await runs.advance(id, ['queued'], 'reading', at(0))
    expect(await runs.update(id, { counts: { ...noCounts, source: 12 } }, at(1))).toBe('reading')
    await runs.advance(id, ['queued', 'reading'], 'cancelled', at(2))
    expect(await runs.update(id, {}, at(3))).toBe('cancelled')
    expect(await runs.read('acme', id)).toMatchObject({ counts: { source: 12 }, endedAt: at(2) })
  })
})

test('of two who move a run on at once, one does', async () => {
  const { id } = await runs.request(request('race'), at(0))
  const moved = await Promise.all(
    Array.from({ length: 8 }, async () => await runs.advance(id, ['queued'], 'reading', at(1))),
  )
  expect(moved.filter(Boolean)).toHaveLength(1)
})

test('the runs of a tenant or of a task are paged from the newest on', async () => {
  const ids: string[] = []
  for (let n = 0; n < 5; n++) {
    const task = n === 2 ? 'groups' : 'paged'
    ids.unshift((await runs.request(request(task, { tenant: 'pages' }), at(n))).id)
  }
  const first = await runs.list({ tenant: 'pages', limit: 2 })
  expect(first.map(({ id }) => id)).toEqual(ids.slice(0, 2))
  const rest = await runs.list({ tenant: 'pages', limit: 9, before: first.at(-1)?.id ?? '' })
  expect(rest.map(({ id }) => id)).toEqual(ids.slice(2))
  expect((await runs.list({ tenant: 'pages', task: 'groups', limit: 9 })).map(({ id }) => id)).toEqual([
    ids[2],
  ])
})

describe('how many records the source had', () => {
  let minute = 0
  const complete = async (task: string, source: number, extra: Partial<RunRequest> = {}) => {
    const { id } = await runs.request(request(task, extra), at(minute++))
    await runs.advance(id, ['queued'], 'done', at(1), { counts: { ...noCounts, source } })
  }

  test('is told by the last full run that was applied', async () => {
    expect(await runs.lastSourceCount('acme', 'counted')).toBeNull()
    await complete('counted', 900)
    await complete('counted', 1_000)
    await complete('counted', 3, { kind: 'incremental' })
    await complete('counted', 500, { preview: true })
    await complete('other', 7)
    expect(await runs.lastSourceCount('acme', 'counted')).toBe(1_000)
  })

  test('is told by a preview that was approved', async () => {
    const { id } = await runs.request(request('approved', { preview: true }), at(0))
    await runs.advance(id, ['queued'], 'planned', at(1), { counts: { ...noCounts, source: 70 } })
    await runs.approve('acme', id, 'ada', at(2))
    await runs.advance(id, ['approved'], 'done', at(3))
    expect(await runs.lastSourceCount('acme', 'approved')).toBe(70)
  })
})

test('the newest run of each task is told, and the one that is under way', async () => {
  const tenant = 'overview'
  const older = await runs.request(request('people', { tenant }), at(0))
  await runs.advance(older.id, ['queued'], 'reading', at(1))
  const newer = await runs.request(request('people', { tenant, preview: true }), at(2))
  await runs.advance(newer.id, ['queued'], 'planned', at(3))
  const latest = await runs.latest(tenant, ['people', 'groups'])
  expect([...latest].map(([task, { id }]) => [task, id])).toEqual([['people', newer.id]])
  const refused = await runs.request(request('people', { tenant }), at(4))
  await runs.advance(refused.id, ['queued'], 'failed', at(5), { failure: { code: 'running', detail: '' } })
  expect((await runs.latestInEarnest(tenant, ['people', 'groups'])).get('people')?.id).toBe(older.id)
  expect(await runs.underWay(tenant, 'people')).toMatchObject({ id: older.id })
  expect(await runs.underWay(tenant, 'groups')).toBeNull()
})

test('monitoring counts what runs came to and what they changed, also when they are purged', async () => {
  const tenant = 'counted'
  const kinds = { ...noCounts.done, create: 3, delete: 1 }
  const { id } = await runs.request(request('people', { tenant }), at(0))
  await runs.advance(id, ['queued'], 'reading', at(1))
  await runs.advance(id, ['reading'], 'held', at(2), { counts: { ...noCounts, planned: kinds } })
  await runs.approve(tenant, id, 'ada', at(3))
  await runs.advance(id, ['approved'], 'applying', at(4))
  await runs.advance(id, ['applying'], 'done', at(5), { counts: { ...noCounts, done: kinds, failed: 2 } })
  const next = await runs.request(request('people', { tenant }), at(6))
  await runs.advance(next.id, ['queued'], 'reading', at(7))
  await runs.advance(next.id, ['reading'], 'incomplete', at(8))
  expect(await runs.advance(next.id, ['reading'], 'failed', at(9))).toBe(false)
  await runs.purge(tenant, at(30))
  const [people, groups] = await readSyncFigures(database, [
    { tenant, task: 'people' },
    { tenant, task: 'groups' },
  ])
  expect(people).toMatchObject({
    runs: new Map([
      ['done', 1],
      ['held', 1],
      ['incomplete', 1],
    ]),
    changes: new Map([
      ['create', 3],
      ['delete', 1],
    ]),
    errors: new Map([['failed', 2]]),
    lastSuccess: at(5),
  })
  expect(groups).toMatchObject({ runs: new Map(), lastSuccess: null, lastEnd: null, lastSeconds: null })
})

test('the last run tells how long it took', async () => {
  const { id } = await runs.request(request('timed', { tenant: 'timed' }), at(0))
  await runs.advance(id, ['queued'], 'reading', at(1))
  await runs.advance(id, ['reading'], 'failed', at(3))
  const [figures] = await readSyncFigures(database, [{ tenant: 'timed', task: 'timed' }])
  expect(figures).toMatchObject({ lastEnd: at(3), lastSeconds: 120, lastSuccess: null })
})

test('a runner goes on with what was being applied before what is approved', async () => {
  expect(await runs.unfinished('acme', 'resumed')).toBeNull()
  const [approved, applying] = [
    await runs.request(request('resumed'), at(0)),
    await runs.request(request('resumed'), at(1)),
  ]
  await runs.advance(approved.id, ['queued'], 'approved', at(2))
  expect(await runs.unfinished('acme', 'resumed')).toMatchObject({ id: approved.id })
  await runs.advance(applying.id, ['queued'], 'applying', at(2))
  expect(await runs.unfinished('acme', 'resumed')).toMatchObject({ id: applying.id })
  await runs.advance(applying.id, ['applying'], 'done', at(3))
  expect(await runs.unfinished('acme', 'resumed')).toMatchObject({ id: approved.id })
})

test('old runs go with their journal and findings; the one that tells the size of the source stays, as do other tenants', async () => {
  const journal = createSyncJournal(database)
  const old: string[] = []
  for (const extra of [{}, {}, { preview: true }, { kind: 'entry' } as const]) {
    const { id } = await runs.request(request('purged', { ...extra, tenant: 'purge' }), at(old.length))
    await runs.advance(id, ['queued'], extra.preview === true ? 'planned' : 'done', at(4))
    await journal.append(id, [updateRow(0), updateRow(1)])
    await journal.addFindings(id, [{ kind: 'no-pivot', subject: 'x', detail: {} }])
    old.push(id)
  }
  const other = await runs.request(request('purged', { tenant: 'other' }), at(0))
  const young = await runs.request(request('purged', { tenant: 'purge' }), at(9))
  expect(await runs.purge('purge', at(5))).toBe(3)
  const [first = '', last = '', preview = '', entry = ''] = old
  for (const id of [first, preview, entry]) {
    expect(await runs.read('purge', id)).toBeNull()
    expect(await journal.counts(id)).toEqual([])
    expect(await journal.findings(id, { limit: 9 })).toEqual([])
  }
  expect((await runs.list({ tenant: 'purge', limit: 9 })).map(({ id }) => id)).toEqual([young.id, last])
  expect(await runs.read('other', other.id)).not.toBeNull()
})
