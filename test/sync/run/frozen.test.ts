import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Destination } from '../../../sync/connectors/connector.ts'
import { startEngine, taskOf, tenant, type TestEngine } from '../engine.ts'
import { peopleIn, person, valuesIn } from '../memory-sides.ts'

const task = taskOf({ pivots: ['uid'], attributes: { uid: {}, sn: {} } })
let engine: TestEngine
let destination: Destination
beforeEach(async () => {
  destination = peopleIn([])
  const source = peopleIn([person('s1', { uid: 'alice', sn: 'Martin' })])
  engine = await startEngine(async () => ({ source, destination }))
})
afterEach(() => engine.close())

test('a preview that is approved while its tenant is frozen writes nothing, and can be approved again', async () => {
  const planned = await engine.run(task, { preview: true })
  await engine.services.freeze.freeze(tenant, 'ada', 'move of the servers', new Date())
  await engine.services.runs.approve(tenant, planned.id, 'ada', new Date())
  expect(await engine.goOn(planned, task)).toMatchObject({ state: 'held', failure: { code: 'frozen' } })
  expect(await valuesIn(destination, 'sn')).toEqual({})

  await engine.services.freeze.thaw(tenant)
  await engine.services.runs.approve(tenant, planned.id, 'ada', new Date())
  expect(await engine.goOn(planned, task)).toMatchObject({ state: 'done', failure: null })
  expect(await valuesIn(destination, 'sn')).toEqual({ 'created 1': 'Martin' })
})
