import { beforeAll, describe, expect, test } from 'vitest'
import { migrate } from '../../src/store/migrate.ts'
import { connectDatabase, type Database } from '../../src/store/postgres.ts'
import { createSyncFreeze } from '../../src/store/sync-freeze.ts'
import { createSyncLeases } from '../../src/store/sync-leases.ts'
import { createSyncState, type SyncState } from '../../src/store/sync-state.ts'
import { until } from '../support/poll.ts'
import { testDatabase } from '../support/postgres.ts'

let database: Database
let state: SyncState
beforeAll(async () => {
  const { url } = await testDatabase()
  await migrate(url)
  database = connectDatabase(url)
  state = createSyncState(database)
  return () => database.close()
})

const now = new Date('2026-11-25T10:00:00Z')
const later = new Date('2026-11-26T10:00:00Z')

describe('a task remembers', () => {
  test('how far it has followed its source, until that is no longer good', async () => {
    expect(await state.token('acme', 'people')).toBeNull()
    await state.setToken('acme', 'people', 'rid=001,csn=1', now)
    await state.setToken('acme', 'people', 'rid=001,csn=2', now)
    await state.setToken('acme', 'groups', 'other', now)
    expect(await state.token('acme', 'people')).toBe('rid=001,csn=2')
    await state.setToken('acme', 'people', null, now)
    expect(await state.token('acme', 'people')).toBeNull()
    expect(await state.token('acme', 'groups')).toBe('other')
  })

  test('which record of the destination is which of the source', async () => {
    const identity = (n: number, name = `n${n}`) => ({
      sourceId: `s${n}`,
      sourceName: name,
      destinationId: `d${n}`,
      key: `k${n}`,
    })
    await state.setIdentities('acme', 'people', [identity(1), identity(2), identity(3)])
    await state.setIdentities('acme', 'people', [identity(2), identity(3, 'first'), identity(3, 'renamed')])
    await state.setIdentities('acme', 'groups', [identity(9)])
    await state.setIdentities('acme', 'people', [])
    expect(await state.identities('acme', 'people', ['s1', 's3', 's9'])).toEqual(
      new Map([
        ['s1', identity(1)],
        ['s3', identity(3, 'renamed')],
      ]),
    )
    await state.removeIdentities('acme', 'people', ['s1', 's9'])
    expect(await Array.fromAsync(state.allSourceIds('acme', 'people'))).toEqual(['s2', 's3'])
    expect(await Array.fromAsync(state.allSourceIds('acme', 'groups'))).toEqual(['s9'])
  })

  test('every id of a large source, whatever its letters', async () => {
    const ids = Array.from({ length: 12_000 }, (_, n) => `${n % 2 === 0 ? 'É' : 'e'}-${n}`)
    await state.setIdentities(
      'acme',
      'large',
      ids.map((id) => ({ sourceId: id, sourceName: id, destinationId: id, key: id })),
    )
    const read = await Array.fromAsync(state.allSourceIds('acme', 'large'))
    expect(read.toSorted()).toEqual(ids.toSorted())
  })

  test('since when records are gone, and from when on they are back', async () => {
    await state.setDepartures('acme', 'people', ['d1', 'd2'], now)
    await state.setDepartures('acme', 'people', ['d2', 'd3', 'd3'], later)
    await state.removeDepartures('acme', 'people', ['d1'])
    expect(await state.departures('acme', 'people')).toEqual(
      new Map([
        ['d2', now],
        ['d3', later],
      ]),
    )
    expect(await state.departures('acme', 'groups')).toEqual(new Map())
  })
})

describe('the lease of a task', () => {
  test('is taken by one of many', async () => {
    const takers = Array.from({ length: 8 }, (_, n) => createSyncLeases(database, `worker-${n}`))
    const taken = await Promise.all(takers.map((leases) => leases.take('acme', 'race', 30)))
    const winner = taken.findIndex((lease) => lease !== null)
    expect(taken.filter((lease) => lease !== null)).toHaveLength(1)
    expect(await takers[0]?.holder('acme', 'race')).toMatchObject({ holder: `worker-${winner}` })
    expect(await takers[winner]?.take('acme', 'race', 30)).toBeNull()
    await taken[winner]?.release()
    expect(await takers[0]?.holder('acme', 'race')).toBeNull()
    expect(await takers[1]?.take('acme', 'race', 30)).not.toBeNull()
    expect(await takers[1]?.take('acme', 'another task', 30)).not.toBeNull()
    expect(await takers[1]?.take('other tenant', 'race', 30)).not.toBeNull()
  })

  test('passes to another, one of many again, when it was not renewed in time; the late one is told', async () => {
    const dead = createSyncLeases(database, 'dead')
    const lease = await dead.take('acme', 'died', 0.1)
    const takers = Array.from({ length: 4 }, (_, n) => createSyncLeases(database, `worker-${n}`))
    const next = await until(
      async () => {
        const taken = await Promise.all(takers.map((leases) => leases.take('acme', 'died', 30)))
        const won = taken.filter((each) => each !== null)
        return won.length > 0 && won
      },
      { within: 5000 },
    )
    expect(next).toHaveLength(1)
    expect(await lease?.renew()).toBe(false)
    await lease?.release() // is not its own any more
    expect(await dead.take('acme', 'died', 30)).toBeNull()
    expect(await next[0]?.renew()).toBe(true)
  })

  test('lives as long as it is renewed', async () => {
    const leases = createSyncLeases(database, 'busy')
    const lease = await leases.take('acme', 'renewed', 0.2)
    expect(await lease?.renew()).toBe(true)
    const before = await leases.holder('acme', 'renewed')
    await until(async () => (await leases.holder('acme', 'renewed')) === null, { within: 5000 })
    expect(before?.holder).toBe('busy')
    // Nobody took it in between: the renewal is late and counts.
    expect(await lease?.renew()).toBe(true)
    expect(await createSyncLeases(database, 'other').take('acme', 'renewed', 30)).toBeNull()
  })
})

test('a tenant is frozen once, by whoever came first, until somebody thaws it', async () => {
  const freeze = createSyncFreeze(database)
  expect(await freeze.read('acme')).toBeNull()
  const done = await Promise.all(
    ['ada', 'hugo'].map((by) => freeze.freeze('acme', by, `asked by ${by}`, now)),
  )
  expect(done.filter(Boolean)).toHaveLength(1)
  const by = done[0] === true ? 'ada' : 'hugo'
  expect(await freeze.read('acme')).toEqual({ by, at: now, reason: `asked by ${by}` })
  expect(await freeze.read('other')).toBeNull()
  expect(await freeze.thaw('acme')).toBe(true)
  expect(await freeze.thaw('acme')).toBe(false)
  expect(await freeze.read('acme')).toBeNull()
})
