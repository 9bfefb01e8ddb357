import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openLdapSide } from '../../sync/connectors/ldap/open-ldap-side.ts'
import type { Task } from '../../sync/task/task.ts'
import { startEngine, taskOf, type TestEngine } from './engine.ts'
import { heldIn, makeBranch, meddle } from './model/destination.ts'
import { expectedAfter, type Held } from './model/expected.ts'
import { makePeopleSource, type PeopleSource } from './model/people-source.ts'
import { type Step, step } from './model/steps.ts'
import { type PeopleDirectory, startPeopleDirectory } from './people-directory.ts'
import { normalizeDn } from '../../src/ldap/dn.ts'

const HISTORIES = 20
const STEPS = 500

let directory: PeopleDirectory
let engine: TestEngine
let sides: Parameters<typeof startEngine>[0]
beforeAll(async () => {
  directory = await startPeopleDirectory()
  engine = await startEngine((task) => sides(task))
})
afterAll(async () => {
  await engine.close()
  await directory.stop()
})

const taskNamed = (name: string, base: string): Task =>
  taskOf({
    name,
    pivots: ['employeeNumber'],
    entryName: `dn\`uid=\${source.uid},ou=\${source.site},${base}\``,
    attributes: {
      objectClass: { create: '"inetOrgPerson"', policy: 'keep' },
      employeeNumber: {},
      uid: {},
      sn: {},
      cn: { value: '[source.givenName, source.sn].filter(Boolean).join(" ")' },
      mail: {},
      telephoneNumber: { policy: 'merge' },
      title: { policy: 'keep' },
      description: { create: '"new"' },
      manager: { references: name },
    },
    clean: { action: 'delete' },
    guards: { deletes: 1_000, shrink: 1, allowEmptySource: true },
  })

let steps = 0
let histories = 0

async function live(history: readonly Step[]): Promise<void> {
  const name = `h${histories++}`
  const base = `ou=${name},${directory.base}`
  await makeBranch(directory.root, base, name)
  const source = makePeopleSource()
  const destination = await openLdapSide(
    { pool: directory.pool },
    { base, filter: '(objectClass=inetOrgPerson)' },
  )
  const close = destination.close
  sides = async () => ({ source: source.side, destination: { ...destination, close: async () => {} } })
  const task = taskNamed(name, base)
  for (const one of [...history, { type: 'run' } as const]) {
    steps += 1
    source.take(one)
    if (one.type === 'run') await expectInStep(source, task, base)
    else await meddle(directory.root, base, one, source.freshUid)
  }
  await close()
}

async function expectInStep(source: PeopleSource, task: Task, base: string): Promise<void> {
  const expected = expectedAfter(source, await heldIn(directory.root, base), base)
  const run = await engine.run(task)
  expect((await engine.rows(run)).filter(({ state }) => state !== 'done')).toEqual([])
  expect(run).toMatchObject({ state: 'done', failure: null })
  expect(comparable(await heldIn(directory.root, base), expected)).toEqual(comparable(expected, expected))
  const { counts } = await engine.run(task)
  expect(Object.values(counts.planned).every((count) => count === 0)).toBe(true)
}

/** By name, without managers of whom nobody can say where they are. */
function comparable(entries: readonly Held[], expected: readonly Held[]): ReadonlyMap<string, unknown> {
  const unsure = new Set(
    expected.filter(({ values }) => values['manager']?.[0] === '?').map(({ dn }) => normalizeDn(dn)),
  )
  return new Map(
    entries
      .map(({ dn, number, values }) => {
        const key = normalizeDn(dn)
        const manager = unsure.has(key) ? [] : (values['manager'] ?? []).map((one) => normalizeDn(one))
        return [key, { number, ...values, manager }] as const
      })
      .toSorted(([one], [other]) => (one < other ? -1 : 1)),
  )
}

test(
  'whatever happens in a source, a run brings the destination in step, and a second one writes nothing',
  { timeout: 400_000 },
  async () => {
    const history = fc.array(step, { minLength: STEPS, maxLength: STEPS, size: 'max' })
    await fc.assert(fc.asyncProperty(history, live), {
      numRuns: HISTORIES,
      plugins: [fc.interruptAfterTimeLimit(360_000)],
    })
    expect(steps).toBeGreaterThan(10_000)
  },
)
