import { afterEach, describe, expect, test } from 'vitest'
import type { Destination } from '../../../sync/connectors/connector.ts'
import { startEngine, taskOf, type TestEngine } from '../engine.ts'
import { peopleBase, peopleIn, person, valuesIn } from '../memory-sides.ts'

let engine: TestEngine
afterEach(() => engine.close())

const entryName = `dn\`uid=\${source.uid},${peopleBase}\``

describe('a record whose pivot a script cannot tell', () => {
  const task = taskOf({
    pivots: [
      {
        source: 'employeeNumber',
        destination: 'employeeNumber',
        transform: 'if (value === "x") throw new Error("odd"); return value',
      },
    ],
    entryName,
    attributes: { uid: {}, employeeNumber: {}, sn: {} },
    clean: { action: 'delete' },
  })
  const target = (): Destination =>
    peopleIn([
      person('d1', { uid: 'alice', employeeNumber: '1', sn: 'One' }),
      person('d2', { uid: 'bob', employeeNumber: '2', sn: 'Two' }),
    ])
  const known = person('s1', { uid: 'alice', employeeNumber: '1', sn: 'One' })
  const odd = person('s2', { uid: 'bob', employeeNumber: 'x', sn: 'Two' })

  test('is told, and takes nobody for gone', async () => {
    const destination = target()
    engine = await startEngine(async () => ({ source: peopleIn([known, odd]), destination }))
    const run = await engine.run(task)
    expect(run.counts).toMatchObject({ findings: { expression: 1, unusable: 1 }, planned: { delete: 0 } })
    expect(await valuesIn(destination, 'sn')).toEqual({ d1: 'One', d2: 'Two' })
  })

  test('takes nobody for gone where it only says who is present', async () => {
    const destination = target()
    engine = await startEngine(async () => ({
      source: peopleIn([known]),
      destination,
      presence: peopleIn([odd]),
    }))
    const run = await engine.run({ ...task, presence: task.source })
    expect(run.counts).toMatchObject({ findings: { unusable: 1 }, planned: { delete: 0 } })
    expect(await valuesIn(destination, 'sn')).toEqual({ d1: 'One', d2: 'Two' })
  })
})
