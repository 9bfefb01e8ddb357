import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { DestinationIndex } from '../../../sync/match/destination-index.ts'
import { planBatch } from '../../../sync/plan/plan-batch.ts'
import { makeRecord, type SyncRecord, type Values } from '../../../sync/record.ts'
import { peopleBase } from '../memory-sides.ts'
import { planningOf } from './context.ts'

const list = fc.uniqueArray(fc.constantFrom('a', 'b', 'A', 'a;b'), { maxLength: 3 })
const attributes = fc.record({ title: list, mail: list, description: list })
const setting = fc.record(
  {
    policy: fc.constantFrom('force', 'keep', 'merge'),
    from: fc.constantFrom('title', 'mail'),
    force: fc.constant('"f"'),
    create: fc.constant('"c"'),
    default: fc.constant('"d"'),
    delimiter: fc.constant(';'),
    exact: fc.boolean(),
  },
  { requiredKeys: [] },
)
const settings = fc.record({ title: setting, mail: setting, description: setting })

const name = `uid=ann,${peopleBase}`
const record = (values: Record<string, Values>): SyncRecord =>
  makeRecord(name, new Map([['uid', ['ann']], ...Object.entries(values)]), 'id-ann')

/** The same, as a kind of record that can tell what is surely the same: the same values in the same order. */
function telling(one: SyncRecord): SyncRecord {
  return {
    ...one,
    hasSame(attribute, other, otherAttribute) {
      const [values, others] = [one.values(attribute), other.values(otherAttribute)]
      const isSame =
        values.length === others.length && values.every((value, index) => value === others[index])
      return values.length > 0 && isSame
    },
  }
}

/** What both sides hold: often the same. */
const sides = fc.record({ there: attributes, here: fc.oneof(attributes, fc.constant(null)) })

test('what is surely the same spares the work, and changes no plan', async () => {
  const several = fc.array(sides, { minLength: 30, maxLength: 30 })
  await fc.assert(
    fc.asyncProperty(settings, several, async (written, pairs) => {
      const { context, expressions } = await planningOf({ attributes: written })
      for (const { there, here } of pairs) {
        const plan = (source: SyncRecord) => {
          const index = new DestinationIndex(context.task.pivots, context.comparison)
          index.add(record(here ?? there))
          return planBatch([source], context, expressions, index)
        }
        const [plain, spared] = [await plan(record(there)), await plan(telling(record(there)))]
        expect(spared.changes).toEqual(plain.changes)
        expect(spared.findings).toEqual(plain.findings)
      }
    }),
    { numRuns: 25 },
  )
})

test('an entry that is in step is asked for nothing', async () => {
  const { context, expressions } = await planningOf({ attributes: { title: {}, mail: { policy: 'keep' } } })
  const values = { title: ['Doctor'], mail: ['a'] }
  const destination = record(values)
  const index = new DestinationIndex(context.task.pivots, context.comparison)
  index.add(destination)
  const { changes, matched } = await planBatch([telling(record(values))], context, expressions, index)
  expect(changes).toEqual([])
  expect(matched).toMatchObject([{ destination }])
})

test.each([
  ['a forced value', { force: '"f"' }, ['f']],
  ['a default that is merged', { policy: 'merge', default: '"d"' }, ['d']],
  ['values that are split', { delimiter: ';' }, ['a', 'b']],
])('%s is written to an entry that holds what the source says', async (_, title, values) => {
  const { context, expressions } = await planningOf({ attributes: { title } })
  const index = new DestinationIndex(context.task.pivots, context.comparison)
  index.add(record({ title: ['a;b'] }))
  const { changes } = await planBatch([telling(record({ title: ['a;b'] }))], context, expressions, index)
  expect(changes).toMatchObject([
    { change: { kind: 'update', modifications: [{ attribute: 'title', values }] } },
  ])
})
