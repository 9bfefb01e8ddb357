import { afterEach, expect, test } from 'vitest'
import type { Task } from '../../../sync/task/task.ts'
import { startEngine, taskOf, type TestEngine, tenant } from '../engine.ts'
import { peopleBase, peopleIn, person } from '../memory-sides.ts'

let engine: TestEngine
afterEach(() => engine.close())

const written = {
  pivots: ['employeeNumber'],
  entryName: `dn\`uid=\${source.uid},${peopleBase}\``,
  attributes: { uid: {}, employeeNumber: {}, sn: {} },
  clean: { action: 'disable', deleteAfterDays: 30 },
}

const acts: string[] = []

/** Who left in January and is in the source again, under another name. */
async function returned(task: Task): Promise<readonly string[]> {
  acts.length = 0
  const destination = peopleIn([person('d1', { uid: 'alice', employeeNumber: '1', sn: 'Durand' })])
  engine = await startEngine(async () => ({
    source: peopleIn([person('s1', { uid: 'married', employeeNumber: '1', sn: 'Martin' })]),
    destination,
    accounts: {
      disable: async (name) => void acts.push(`disable ${name}`),
      enable: async (name) => void acts.push(`enable ${name}`),
    },
  }))
  await engine.services.state.setDepartures(tenant, task.name, ['d1'], new Date('2026-01-01T00:00:00Z'))
  expect(await engine.run(task)).toMatchObject({ state: 'done', counts: { failed: 0 } })
  expect(await engine.services.state.departures(tenant, task.name)).toEqual(new Map())
  return acts
}

test('who returns is enabled by the name that the entry has, where it may not be renamed', async () => {
  const task = taskOf({ ...written, conditions: { rename: 'false' } })
  expect(await returned(task)).toEqual([`enable uid=alice,${peopleBase}`])
})

test('who returns is enabled, and not gone since January, where nothing else of it may be updated', async () => {
  const task = taskOf({
    ...written,
    entryName: `dn\`uid=alice,${peopleBase}\``,
    conditions: { update: 'false && source' },
  })
  expect(await returned(task)).toEqual([`enable uid=alice,${peopleBase}`])
})

test('whose return is taken back is taken for gone, so that the next run finds it again', async () => {
  const task = taskOf(written)
  await returned(task)
  const [run] = await engine.services.runs.list({ tenant, task: task.name, limit: 1 })
  await engine.run(task, { kind: 'undo', undoes: run?.id ?? '' })
  expect([...(await engine.services.state.departures(tenant, task.name)).keys()]).toEqual(['d1'])
  await engine.run(task)
  expect(acts.map((act) => act.split(' ')[0])).toEqual(['enable', 'disable', 'enable'])
})
