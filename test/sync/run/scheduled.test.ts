import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Run } from '../../../src/store/sync-runs.ts'
import { holdLease, runWithLease } from '../../../sync/run/run-with-lease.ts'
import { runScheduled } from '../../../sync/run/run-scheduled.ts'
import { startEngine, taskOf, tenant, type TestEngine } from '../engine.ts'
import { peopleIn, person } from '../memory-sides.ts'

const task = taskOf({ pivots: ['uid'], attributes: { uid: {}, sn: {} } })
const asked = {
  tenant,
  task: task.name,
  kind: 'full',
  preview: false,
  requestedBy: 'test',
  only: null,
  undoes: null,
} as const
let engine: TestEngine
beforeEach(async () => {
  const source = peopleIn([person('s1', { uid: 'alice', sn: 'Martin' })])
  engine = await startEngine(async () => ({ source, destination: peopleIn([]) }))
})
afterEach(() => engine.close())

function scheduled(): Promise<Run | null> {
  const { services } = engine
  return runScheduled(
    {
      services,
      request: (request) => services.runs.request(request, new Date()),
      execute: (run, signal) => runWithLease(run, task, services, signal),
    },
    task,
    new AbortController().signal,
  )
}

test('a schedule goes on after a runner that was killed while it read', async () => {
  const { runs } = engine.services
  const killed = await runs.request(asked, new Date())
  await runs.advance(killed.id, ['queued'], 'reading', new Date())
  expect(await scheduled()).toMatchObject({ state: 'done', requestedBy: 'schedule' })
  expect(await runs.read(tenant, killed.id)).toMatchObject({ state: 'failed', failure: { code: 'killed' } })
})

test('a schedule does what was asked for, or approved, and never begun', async () => {
  const { runs } = engine.services
  const queued = await runs.request(asked, new Date())
  expect(await scheduled()).toMatchObject({ id: queued.id, state: 'done' })
  const planned = await engine.run(task, { preview: true })
  await runs.approve(tenant, planned.id, 'ada', new Date())
  expect(await scheduled()).toMatchObject({ id: planned.id, state: 'done' })
})

test('a run that is due while the last one goes on is left out', async () => {
  const { runs } = engine.services
  const lease = await holdLease(engine.services, task)
  const other = await runs.request(asked, new Date())
  await runs.advance(other.id, ['queued'], 'reading', new Date())
  expect(await scheduled()).toBeNull()
  await lease?.release()
  expect(await runs.list({ tenant, task: task.name, limit: 10 })).toHaveLength(1)
})
