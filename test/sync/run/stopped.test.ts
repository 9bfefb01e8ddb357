import { afterAll, beforeAll, expect, test } from 'vitest'
import { attributeRules } from '../../../sync/connectors/ldap/attribute-rules.ts'
import { ldapComparison } from '../../../sync/connectors/ldap/ldap-comparison.ts'
import { memoryDestination } from '../../../sync/connectors/memory/memory-destination.ts'
import { makeRecord } from '../../../sync/record.ts'
import { executeRun } from '../../../sync/run/execute-run.ts'
import { startEngine, taskOf, tenant, type TestEngine } from '../engine.ts'

const base = 'ou=people,dc=example,dc=org'
const comparison = ldapComparison(attributeRules(undefined, 'openldap', new Set()), undefined, 'openldap')
const people = Array.from({ length: 2_000 }, (_, index) => {
  const uid = `p${index}`
  return makeRecord(`uid=${uid},${base}`, new Map([['uid', [uid]]]))
})
const target = memoryDestination([], comparison)
const stop = new AbortController()
const applied: string[] = []
let engine: TestEngine

beforeAll(async () => {
  engine = await startEngine(async () => ({
    source: memoryDestination(people, comparison),
    destination: {
      ...target,
      async apply(change) {
        applied.push(change.name)
        if (applied.length === 300) stop.abort()
        await target.apply(change)
      },
    },
  }))
})
afterAll(() => engine.close())

test('a run whose process is told to end while it applies goes on in the next one, nothing done twice', async () => {
  const task = taskOf({ pivots: ['uid'], attributes: { uid: {} } })
  const asked = { kind: 'full', preview: false, requestedBy: 'test', only: null, undoes: null } as const
  const run = await engine.services.runs.request({ tenant, task: task.name, ...asked }, new Date())
  await executeRun(run, task, engine.services, stop.signal)
  const left = await engine.services.runs.read(tenant, run.id)
  expect(left).toMatchObject({ state: 'applying', failure: null })
  expect(applied.length).toBeLessThan(people.length)
  expect(engine.announced).toEqual([])

  expect(await engine.goOn(run, task)).toMatchObject({ state: 'done', counts: { done: { create: 2_000 } } })
  expect(new Set(applied).size).toBe(people.length)
  expect(applied).toHaveLength(people.length)
  expect(engine.announced.map(({ state }) => state)).toEqual(['done'])
})
