import { afterEach, expect, test } from 'vitest'
import type { SyncRecord } from '../../../sync/record.ts'
import { startEngine, taskOf, type TestEngine } from '../engine.ts'
import { peopleBase, peopleIn, person, valuesIn } from '../memory-sides.ts'

let engine: TestEngine
afterEach(() => engine.close())

const task = (clean: 'none' | 'delete') =>
  taskOf({
    pivots: ['employeeNumber'],
    entryName: `dn\`uid=\${source.uid},${peopleBase}\``,
    attributes: { uid: {}, employeeNumber: {}, sn: {}, manager: {} },
    clean: { action: clean },
  })

async function synchronized(
  clean: 'none' | 'delete',
  { source, target }: { source: readonly SyncRecord[]; target: readonly SyncRecord[] },
) {
  const destination = peopleIn(target)
  engine = await startEngine(async () => ({ source: peopleIn(source), destination }))
  return { destination, run: await engine.run(task(clean)) }
}

test('what is renamed to a name that another entry has changes nothing of that entry', async () => {
  const { destination, run } = await synchronized('none', {
    source: [person('s1', { uid: 'boss', employeeNumber: '1', sn: 'Martin' })],
    target: [
      person('d1', { uid: 'alice', employeeNumber: '1', sn: 'Durand' }),
      person('d2', { uid: 'boss', employeeNumber: '2', sn: 'Boss' }),
    ],
  })
  expect(run.counts).toMatchObject({ failed: 2, done: { rename: 0, update: 0 } })
  expect(await valuesIn(destination, 'sn')).toEqual({ d1: 'Durand', d2: 'Boss' })
})

test('two that swap their names do not get each other’s values', async () => {
  const { destination, run } = await synchronized('none', {
    source: [
      person('s1', { uid: 'bob', employeeNumber: '1', sn: 'One' }),
      person('s2', { uid: 'alice', employeeNumber: '2', sn: 'Two' }),
    ],
    target: [
      person('d1', { uid: 'alice', employeeNumber: '1', sn: 'Uno' }),
      person('d2', { uid: 'bob', employeeNumber: '2', sn: 'Due' }),
    ],
  })
  expect(run.counts).toMatchObject({ failed: 4, done: { rename: 0, update: 0 } })
  expect(await valuesIn(destination, 'sn')).toEqual({ d1: 'Uno', d2: 'Due' })
})

test('names that become free in the same run are given in the end, with everything that belongs to them', async () => {
  const chain = Array.from({ length: 4 }, (_, index) => index)
  const { destination, run } = await synchronized('delete', {
    source: [
      ...chain.map((index) =>
        person(`s${index}`, { uid: `u${index + 1}`, employeeNumber: `${index}`, sn: `new ${index}` }),
      ),
      person('s9', { uid: 'gone', employeeNumber: '9', sn: 'Nine', manager: `uid=u1,${peopleBase}` }),
    ],
    target: [
      ...chain.map((index) =>
        person(`d${index}`, { uid: `u${index}`, employeeNumber: `${index}`, sn: `old ${index}` }),
      ),
      person('d8', { uid: 'gone', employeeNumber: '8', sn: 'Eight' }),
    ],
  })
  expect(run.counts).toMatchObject({ failed: 0, conflicts: 0, done: { rename: 4, create: 1, delete: 1 } })
  expect(await valuesIn(destination, 'sn')).toEqual({
    d0: 'new 0',
    d1: 'new 1',
    d2: 'new 2',
    d3: 'new 3',
    'created 1': 'Nine',
  })
  expect(await valuesIn(destination, 'manager')).toMatchObject({ 'created 1': `uid=u1,${peopleBase}` })
})

test('a plan that was approved late does not go by names that others have by then', async () => {
  const destination = peopleIn([
    person('d1', { uid: 'alice', employeeNumber: '1', sn: 'Durand' }),
    person('d2', { uid: 'gone', employeeNumber: '2', sn: 'Gone' }),
    person('d3', { uid: 'bob', employeeNumber: '3', sn: 'Bob' }),
    person('d4', { uid: 'carl', employeeNumber: '4', sn: 'Carl' }),
  ])
  const source = peopleIn([
    person('s1', { uid: 'alice', employeeNumber: '1', sn: 'Martin' }),
    person('s3', { uid: 'bob', employeeNumber: '3', sn: 'Bob' }),
    person('s4', { uid: 'carl', employeeNumber: '4', sn: 'Carl' }),
  ])
  engine = await startEngine(async () => ({ source, destination }))
  const planned = await engine.run(task('delete'), { preview: true })
  const rename = (from: string, to: string): Promise<void> =>
    destination.apply({ kind: 'rename', name: `uid=${from},${peopleBase}`, to: `uid=${to},${peopleBase}` })
  await rename('alice', 'elsewhere')
  await rename('bob', 'alice')
  await rename('gone', 'departed')
  await rename('carl', 'gone')
  await engine.services.runs.approve('acme', planned.id, 'ada', new Date())
  const run = await engine.goOn(planned, task('delete'))
  expect(run.counts).toMatchObject({ conflicts: 2, done: { update: 0, delete: 0 } })
  expect(await valuesIn(destination, 'sn')).toEqual({ d1: 'Durand', d2: 'Gone', d3: 'Bob', d4: 'Carl' })
})
