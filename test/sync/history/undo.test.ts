import { afterEach, describe, expect, test } from 'vitest'
import type { Destination } from '../../../sync/connectors/connector.ts'
import type { SyncRecord } from '../../../sync/record.ts'
import type { Run } from '../../../src/store/sync-runs.ts'
import { startEngine, taskOf, type TestEngine } from '../engine.ts'
import { peopleBase, peopleIn, person, valuesIn } from '../memory-sides.ts'

let engine: TestEngine
afterEach(() => engine.close())

const task = taskOf({
  pivots: ['employeeNumber'],
  entryName: `dn\`uid=\${source.uid},${peopleBase}\``,
  attributes: { uid: {}, employeeNumber: {}, sn: {} },
  clean: { action: 'delete', subtree: true },
})

async function synchronized(source: readonly SyncRecord[], target: readonly SyncRecord[]) {
  const destination = peopleIn(target)
  engine = await startEngine(async () => ({ source: peopleIn(source), destination }))
  return { destination, run: await engine.run(task) }
}

const undo = (run: Run): Promise<Run> => engine.run(task, { kind: 'undo', undoes: run.id })

async function all(side: Destination): Promise<Record<string, string>> {
  const [names, surnames] = [await valuesIn(side, 'uid'), await valuesIn(side, 'sn')]
  return Object.fromEntries(Object.entries(names).map(([id, uid]) => [id, `${uid} ${surnames[id]}`]))
}

const before = person('d1', { uid: 'petit', employeeNumber: '1', sn: 'Petit' })
const married = person('s1', { uid: 'martin', employeeNumber: '1', sn: 'Martin' })

describe('an undo', () => {
  test('takes back a rename and the update behind it, in the other order', async () => {
    const { destination, run } = await synchronized([married], [before])
    expect(run.counts.done).toMatchObject({ rename: 1, update: 1 })
    expect(await all(destination)).toEqual({ d1: 'martin Martin' })
    expect(await undo(run)).toMatchObject({ state: 'done', counts: { failed: 0, conflicts: 0 } })
    expect(await all(destination)).toEqual({ d1: 'petit Petit' })
  })

  test('of an undo does again what was done', async () => {
    const { destination, run } = await synchronized([married], [before])
    const back = await undo(run)
    expect(await undo(back)).toMatchObject({ state: 'done', counts: { failed: 0, conflicts: 0 } })
    expect(await all(destination)).toEqual({ d1: 'martin Martin' })
  })

  test('leaves an entry alone that was moved since, and everything that was done to it', async () => {
    const { destination, run } = await synchronized([married], [before])
    await destination.apply({
      kind: 'rename',
      name: `uid=martin,${peopleBase}`,
      to: `uid=elsewhere,${peopleBase}`,
    })
    const back = await undo(run)
    expect(back.counts).toMatchObject({ conflicts: 2, done: { rename: 0, update: 0 } })
    expect(await all(destination)).toEqual({ d1: 'elsewhere Martin' })
  })

  test('does not delete a new entry that somebody has worked on', async () => {
    const { destination, run } = await synchronized([married], [])
    await destination.apply({
      kind: 'update',
      name: `uid=martin,${peopleBase}`,
      modifications: [{ operation: 'replace', attribute: 'sn', values: ['Martin-Petit'] }],
    })
    const back = await undo(run)
    expect(back.counts).toMatchObject({ conflicts: 1, done: { delete: 0 } })
    expect(Object.values(await all(destination))).toEqual(['martin Martin-Petit'])
  })

  test('tells of a subtree that it cannot bring back', async () => {
    const { run } = await synchronized(
      [married],
      [before, person('d2', { uid: 'zoe', employeeNumber: '9', sn: 'Noir' })],
    )
    expect(run.counts.done).toMatchObject({ delete: 1 })
    const back = await undo(run)
    expect(back.counts.done).toMatchObject({ create: 0, rename: 1, update: 1 })
    const findings = await engine.findings(back)
    expect(findings).toMatchObject([{ subject: `uid=zoe,${peopleBase}`, detail: { detail: 'subtree' } }])
  })
})
