import { once } from 'node:events'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ApplyFailure, type Destination, type FeedEvent } from '../../../sync/connectors/connector.ts'
import { createDepartureGuard } from '../../../sync/follow/departure-guard.ts'
import { followTask } from '../../../sync/follow/follow-task.ts'
import type { SyncRecord } from '../../../sync/record.ts'
import type { Task } from '../../../sync/task/task.ts'
import { until } from '../../support/poll.ts'
import { startEngine, taskOf, tenant, type TestEngine } from '../engine.ts'
import { peopleBase, peopleIn, person, valuesIn } from '../memory-sides.ts'

const written = {
  pivots: ['employeeNumber'],
  entryName: `dn\`uid=\${source.uid},${peopleBase}\``,
  attributes: { uid: {}, employeeNumber: {}, sn: {} },
  clean: { action: 'delete' },
  follow: true,
}
const task = taskOf(written)
let engine: TestEngine
let destination: Destination
let inSource: readonly SyncRecord[] = []
/** What the feed tells, in bursts. */
let told: readonly FeedEvent[] = []
let goesOn = false
const acts: string[] = []

beforeEach(async () => {
  destination = peopleIn([])
  acts.length = 0
  goesOn = false
  const act =
    (kind: string) =>
    async (name: string): Promise<void> =>
      void acts.push(`${kind} ${name}`)
  engine = await startEngine(async () => ({
    source: {
      ...peopleIn(inSource),
      feed: {
        async *changes(_, { signal }) {
          yield* told
          if (goesOn && signal) await once(signal, 'abort')
        },
      },
    },
    destination: { ...destination, async close() {} },
    accounts: { disable: act('disable'), enable: act('enable') },
  }))
})
afterEach(() => engine.close())

const follow = (one: Task, ...events: readonly FeedEvent[]): ReturnType<typeof followTask> => {
  told = [...events, { type: 'token', token: `after ${events.length}` }]
  return followTask(one, engine.services, new AbortController().signal)
}
const changed = (record: SyncRecord): FeedEvent => ({ type: 'changed', record })
const alice = person('s1', { uid: 'alice', employeeNumber: '1', sn: 'One' })
const bob = person('s2', { uid: 'bob', employeeNumber: '2', sn: 'Two' })
const uids = (): Promise<Record<string, string>> => valuesIn(destination, 'uid')

describe('who is made anew at the source', () => {
  const again = person('s9', { uid: 'alice', employeeNumber: '1', sn: 'Again' })

  test('stays, when both come at once', async () => {
    await follow(task, changed(alice), changed(bob))
    await follow(task, { type: 'deleted', id: 's1' }, changed(again))
    expect(await valuesIn(destination, 'sn')).toEqual({ 'created 1': 'Again', 'created 2': 'Two' })
  })

  test('stays, when the old one is gone only later', async () => {
    await follow(task, changed(alice), changed(bob))
    await follow(task, changed(again))
    await follow(task, { type: 'deleted', id: 's1' })
    expect(await valuesIn(destination, 'sn')).toEqual({ 'created 1': 'Again', 'created 2': 'Two' })
  })
})

test('an empty source takes nobody away, however few they are', async () => {
  await follow(task, changed(alice), changed(bob))
  expect(await follow(task, { type: 'restart' }, { type: 'rest-is-gone' })).toBe('held')
  expect(Object.keys(await uids())).toHaveLength(2)
})

describe('who leaves and comes back while a source is followed', () => {
  test('is enabled again', async () => {
    const soft = taskOf({ ...written, clean: { action: 'disable' } })
    await follow(soft, changed(alice), changed(bob))
    told = [
      { type: 'deleted', id: 's1' },
      ...Array.from({ length: 256 }, () => changed(bob)),
      changed(alice),
      { type: 'token', token: '2' },
    ]
    await followTask(soft, engine.services, new AbortController().signal)
    expect(acts).toEqual([`disable uid=alice,${peopleBase}`, `enable uid=alice,${peopleBase}`])
    expect(await engine.services.state.departures(tenant, soft.name)).toEqual(new Map())
  })

  test('is moved back', async () => {
    const moving = taskOf({ ...written, clean: { action: 'move', to: 'ou=gone,dc=example,dc=org' } })
    const all = destination
    const below = (name: string): boolean => name.endsWith(peopleBase)
    destination = {
      ...all,
      async *read(wanted) {
        for await (const record of all.read(wanted)) if (below(record.name)) yield record
      },
    }
    await follow(moving, changed(alice), changed(bob))
    await follow(moving, { type: 'deleted', id: 's1' })
    await follow(moving, changed(alice))
    destination = all
    expect(await uids()).toEqual({ 'created 1': 'alice', 'created 2': 'bob' })
    const names = await Array.fromAsync(all.read({ attributes: 'all' }), ({ name }) => name)
    expect(names.every(below)).toBe(true)
  })
})

test('what a feed brought is taken back from its end', async () => {
  await follow(task, changed(alice), changed(bob))
  const apart = Array.from({ length: 256 }, () => changed(bob))
  const again = person('s9', { uid: 'alice', employeeNumber: '1', sn: 'Again' })
  const married = person('s9', { uid: 'alice', employeeNumber: '1', sn: 'Married' })
  const bursts = [
    { type: 'deleted', id: 's1' },
    ...apart,
    changed(again),
    ...apart,
    changed(married),
  ] as const
  await follow(task, ...bursts)
  const [run] = await engine.services.runs.list({ tenant, task: task.name, limit: 1 })
  expect(run?.counts.done).toMatchObject({ delete: 1, create: 1, update: 1 })
  const undo = await engine.run(task, { kind: 'undo', undoes: run?.id ?? '' })
  expect(undo.counts).toMatchObject({ failed: 0, conflicts: 0 })
  expect(Object.values(await valuesIn(destination, 'sn'))).toEqual(['Two', 'One'])
})

test('who comes before the branch that it belongs to is brought once that is there', async () => {
  const all = destination
  let hasBranch = false
  destination = {
    ...all,
    async apply(change) {
      if (!hasBranch) throw new ApplyFailure('missing-parent', 'LDAP 32 noSuchObject', '')
      await all.apply(change)
    },
  }
  const stop = new AbortController()
  told = [changed(alice), { type: 'token', token: '1' }]
  goesOn = true
  const end = followTask(task, engine.services, stop.signal)
  await until(async () => (await engine.services.state.token(tenant, task.name)) === '1', { within: 5_000 })
  hasBranch = true
  await until(async () => Object.keys(await uids()).length === 1, { within: 10_000 })
  stop.abort()
  expect(await end).toBe('stopped')
})

describe('whoever follows a task', () => {
  const crowd = Array.from({ length: 25 }, (_, index) =>
    person(`c${index}`, { uid: `c${index}`, employeeNumber: `1${index}`, sn: 'Crowd' }),
  )

  test('goes on from where a plan was held, once that is approved, and does nothing twice', async () => {
    await follow(task, changed(alice), ...crowd.map(changed))
    const leaving = crowd.map(({ id }): FeedEvent => ({ type: 'deleted', id }))
    expect(await follow(task, ...leaving, changed(bob))).toBe('held')
    expect(Object.values(await uids())).toHaveLength(26)
    const runs = (): ReturnType<typeof engine.services.runs.list> =>
      engine.services.runs.list({ tenant, task: task.name, limit: 10 })
    const [held] = await runs()
    await engine.services.runs.approve(tenant, held?.id ?? '', 'ada', new Date())
    expect(await follow(task, ...leaving, changed(bob))).toBe('stopped')
    expect(Object.values(await uids())).toEqual(['alice', 'bob'])
    expect(
      (await runs()).map(({ state, counts }) => [state, counts.done.create, counts.done.delete]),
    ).toEqual([
      ['done', 1, 25],
      ['done', 26, 0],
    ])
  })

  test('counts together who leaves before and after an interruption', async () => {
    const guard = createDepartureGuard(task.guards, () => new Date())
    const followOn = (...events: readonly FeedEvent[]): ReturnType<typeof followTask> => {
      told = events
      return followTask(task, engine.services, new AbortController().signal, guard)
    }
    await followOn(changed(alice), ...crowd.map(changed))
    const leaving = crowd.map(({ id }): FeedEvent => ({ type: 'deleted', id }))
    expect(await followOn(...leaving.slice(0, 15))).toBe('stopped')
    expect(await followOn(...leaving.slice(15))).toBe('held')
    expect(Object.values(await uids())).toHaveLength(11)
  })

  test('first goes on with what was left by one who was killed', async () => {
    inSource = [alice]
    const planned = await engine.run(task, { preview: true })
    await engine.services.runs.approve(tenant, planned.id, 'ada', new Date())
    await engine.services.runs.advance(planned.id, ['approved'], 'applying', new Date())
    told = []
    await followTask(task, engine.services, new AbortController().signal)
    expect(await engine.services.runs.read(tenant, planned.id)).toMatchObject({ state: 'done' })
  })

  test('previews while the tenant is frozen', async () => {
    inSource = [alice]
    await engine.services.freeze.freeze(tenant, 'ada', 'move of the servers', new Date())
    const asked = {
      tenant,
      task: task.name,
      kind: 'full',
      requestedBy: 'test',
      only: null,
      undoes: null,
    } as const
    const { id } = await engine.services.runs.request({ ...asked, preview: true }, new Date())
    told = [changed(bob)]
    const stop = new AbortController()
    const end = followTask(task, engine.services, stop.signal)
    await until(async () => (await engine.services.runs.read(tenant, id))?.state === 'planned', {
      within: 5_000,
    })
    stop.abort()
    expect(await end).toBe('stopped')
    expect(await uids()).toEqual({})
  })

  test('first applies what was approved', async () => {
    inSource = [alice]
    const planned = await engine.run(task, { preview: true })
    await engine.services.runs.approve(tenant, planned.id, 'ada', new Date())
    await follow(task)
    expect(await engine.services.runs.read(tenant, planned.id)).toMatchObject({ state: 'done' })
    expect(Object.values(await uids())).toEqual(['alice'])
  })
})
