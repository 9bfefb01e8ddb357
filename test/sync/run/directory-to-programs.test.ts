import { afterAll, beforeAll, expect, test } from 'vitest'
import { syncConnectionSchema } from '../../../src/config/sync-connection-schema.ts'
import { text } from '../../../src/ldap/entry.ts'
import { openLdapSide } from '../../../sync/connectors/ldap/open-ldap-side.ts'
import { openDestination } from '../../../sync/connectors/open-connector.ts'
import { directoryPrograms } from '../connectors/directory-programs.ts'
import { startEngine, taskOf, type TestEngine } from '../engine.ts'
import { type PeopleDirectory, startPeopleDirectory } from '../people-directory.ts'

const copies = 'ou=copies,dc=example,dc=org'
let directory: PeopleDirectory
let engine: TestEngine

beforeAll(async () => {
  directory = await startPeopleDirectory(`dn: ${copies}\nobjectClass: organizationalUnit\n`)
  const programs = directoryPrograms(directory, copies)
  const list = programs.list.map((word) => word.replace(' uid', ' uid employeeNumber'))
  const connection = syncConnectionSchema.parse({ kind: 'exec', name: 'programs', ...programs, list })
  engine = await startEngine(async () => ({
    source: await openLdapSide(
      { pool: directory.pool },
      { role: 'source', base: directory.base, filter: '(uid=*)' },
    ),
    destination: await openDestination(connection, {}, () => new Date()),
  }))
})
afterAll(async () => {
  await engine.close()
  await directory.stop()
})

const task = taskOf({
  name: 'copies',
  pivots: ['employeeNumber'],
  entryName: 'dn`uid=${source.uid},ou=copies,dc=example,dc=org`',
  attributes: {
    objectClass: { policy: 'keep', create: '"inetOrgPerson"' },
    uid: {},
    cn: {},
    sn: {},
    mail: {},
    employeeNumber: {},
  },
  clean: { action: 'delete' },
})

async function copied(): Promise<Record<string, string[]>> {
  const { entries } = await directory.root.searchAll({ base: copies, scope: 'one' })
  const valuesOf = (entry: (typeof entries)[number], name: string) => text(entry, name).toSorted().join()
  return Object.fromEntries(
    entries.map((entry) => [valuesOf(entry, 'uid'), [valuesOf(entry, 'sn'), valuesOf(entry, 'mail')]]),
  )
}

test('programs keep what they write to in step: approved, renamed, removed, and taken back', async () => {
  await directory.put('alice', {
    employeeNumber: ['1'],
    mail: ['a@example.org', 'alice@example.org'],
    sn: ['D’Hervé'],
  })
  await directory.put('bob', { employeeNumber: ['2'] })
  expect(await engine.run(task)).toMatchObject({ state: 'done', counts: { failed: 0, done: { create: 2 } } })
  const before = {
    alice: ['D’Hervé', 'a@example.org,alice@example.org'],
    bob: ['bob', ''],
  }
  expect(await copied()).toEqual(before)
  expect(await engine.rows(await engine.run(task))).toEqual([])

  await directory.root.modifyDn(`uid=alice,${directory.base}`, { newRdn: 'uid=alix' })
  await directory.root.modify(`uid=alix,${directory.base}`, [
    { operation: 'replace', attribute: 'sn', values: ['Martin'] },
  ])
  await directory.root.delete(`uid=bob,${directory.base}`)
  await directory.put('carl', { employeeNumber: ['3'] })
  const changed = { ...task, guards: { ...task.guards, shrink: 1 } }
  const planned = await engine.run(changed, { preview: true })
  await engine.services.runs.approve('acme', planned.id, 'ada', new Date())
  const run = await engine.goOn(planned, changed)
  const counts = { failed: 0, conflicts: 0, done: { create: 1, rename: 1, update: 1, delete: 1 } }
  expect(run).toMatchObject({ state: 'done', counts })
  expect(await copied()).toEqual({
    alix: ['Martin', 'a@example.org,alice@example.org'],
    carl: ['carl', ''],
  })
  expect(await engine.run(changed, { kind: 'undo', undoes: run.id })).toMatchObject({ state: 'done', counts })
  expect(await copied()).toEqual(before)
})
