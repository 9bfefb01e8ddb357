import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openLdapSide } from '../../../sync/connectors/ldap/open-ldap-side.ts'
import type { Task } from '../../../sync/task/task.ts'
import { connect, type Connection } from '../../../src/ldap/connection.ts'
import { text } from '../../../src/ldap/entry.ts'
import { type Slapd, startSlapd } from '../../support/slapd.ts'
import { startEngine, taskOf, type TestEngine } from '../engine.ts'

const suffix = 'dc=example,dc=org'
const sourceBase = `ou=hr,${suffix}`
const targetBase = `ou=people,${suffix}`

let slapd: Slapd
let root: Connection
let engine: TestEngine
/** Each test has a task of its own: what a task remembers is not another's. */
let tests = 0

beforeAll(async () => {
  const ldif = join(tmpdir(), `sync-${process.pid}-${Math.random()}.ldif`)
  await writeFile(ldif, seed())
  slapd = await startSlapd({ seed: { ldif }, overlays: [] })
  root = await connect({ url: slapd.url, bind: { dn: slapd.rootDn, password: slapd.rootPassword } })
  const pool = { urls: [slapd.url], connect: { bind: { dn: slapd.rootDn, password: slapd.rootPassword } } }
  const filter = '(objectClass=inetOrgPerson)'
  engine = await startEngine(async () => ({
    source: await openLdapSide({ pool }, { role: 'source', base: sourceBase, filter }),
    destination: await openLdapSide({ pool }, { base: targetBase, filter }),
  }))
})
afterAll(async () => {
  root.unbind()
  await engine.close()
  await slapd.stop()
})

function seed(): string {
  const ous = ['hr', 'people', 'gone', 'lyon']
  const containers = ous.map((ou) => `dn: ou=${ou},${suffix}\nobjectClass: organizationalUnit\nou: ${ou}\n`)
  return [
    `dn: ${suffix}\nobjectClass: dcObject\nobjectClass: organization\ndc: example\no: Example\n`,
    ...containers,
  ].join('\n')
}

type Person = Record<string, string | string[]>

async function put(base: string, uid: string, person: Person): Promise<void> {
  const attributes = Object.fromEntries(Object.entries(person).map(([name, value]) => [name, [value].flat()]))
  await root.add(`uid=${uid},${base}`, {
    objectClass: ['inetOrgPerson'],
    uid: [uid],
    cn: [uid],
    sn: [uid],
    ...attributes,
  })
}

beforeEach(async () => {
  tests += 1
  for (const base of [sourceBase, targetBase, `ou=gone,${suffix}`, `ou=lyon,${suffix}`]) {
    const { entries } = await root.searchAll({ base, scope: 'one', attributes: ['1.1'] })
    for (const { dn } of entries) await root.delete(dn)
  }
})

async function target(base = targetBase): Promise<Record<string, Record<string, string[]>>> {
  const { entries } = await root.searchAll({ base, scope: 'one' })
  return Object.fromEntries(
    entries.map((entry) => [
      entry.dn.split(',')[0],
      Object.fromEntries([...entry.attributes.keys()].map((name) => [name, text(entry, name).toSorted()])),
    ]),
  )
}

const people = (more: Record<string, unknown> = {}): Task =>
  taskOf({
    name: `people-${tests}`,
    pivots: ['uid'],
    entryName: 'dn`uid=${source.uid},ou=people,dc=example,dc=org`',
    attributes: {
      objectClass: { create: '"inetOrgPerson"', policy: 'keep' },
      uid: {},
      cn: { value: '[source.givenName, source.sn.toUpperCase()].filter(Boolean).join(" ")' },
      sn: {},
      givenName: {},
      mail: {},
      description: { create: '"new from HR"' },
    },
    clean: { action: 'delete' },
    ...more,
  })

describe('a run', () => {
  test('creates, updates and deletes, and a second one writes nothing', async () => {
    await put(sourceBase, 'alice', {
      givenName: 'Alice',
      sn: 'Martin',
      mail: ['a@example.org', 'alice@example.org'],
    })
    await put(sourceBase, 'bob', { givenName: 'Bob', sn: 'Durand' })
    await put(targetBase, 'bob', { cn: 'Robert DURAND', sn: 'Durand', mail: 'bob@example.org' })
    await put(targetBase, 'zoe', { cn: 'Zoé', sn: 'Zoé' })
    const run = await engine.run(people())
    expect(run).toMatchObject({
      state: 'done',
      counts: { source: 2, destination: 2, failed: 0, done: { create: 1, update: 1, delete: 1, rename: 0 } },
    })
    expect(await target()).toMatchObject({
      'uid=alice': {
        cn: ['Alice MARTIN'],
        mail: ['a@example.org', 'alice@example.org'],
        description: ['new from HR'],
      },
      'uid=bob': { cn: ['Bob DURAND'], givenname: ['Bob'] },
    })
    expect(Object.keys(await target())).toEqual(expect.not.arrayContaining(['uid=zoe']))
    const second = await engine.run(people())
    expect(second.counts.unchanged).toBe(2)
    expect(Object.values(second.counts.planned).every((count) => count === 0)).toBe(true)
  })

  test('tells old and new with the rule that caused it, and keeps passwords out of sight', async () => {
    await put(sourceBase, 'eve', { sn: 'Noir', userPassword: 'from-hr' })
    await put(targetBase, 'eve', { sn: 'Blanc', userPassword: 'in-the-directory' })
    const run = await engine.run(people({ attributes: { sn: {}, userPassword: {} } }), { preview: true })
    expect(run.state).toBe('planned')
    const [row] = await engine.rows(run)
    expect(row).toMatchObject({
      kind: 'update',
      name: `uid=eve,${targetBase}`,
      before: { sn: ['Blanc'] },
      why: { sn: { rule: 'source', from: 'sn' } },
    })
    expect(JSON.stringify(row)).not.toContain('from-hr')
    expect(JSON.stringify(row)).not.toContain(Buffer.from('from-hr').toString('base64'))
    expect((await target())['uid=eve']).toMatchObject({ sn: ['Blanc'] })
    await engine.services.runs.approve('acme', run.id, 'ada', new Date())
    expect(await engine.goOn(run, people())).toMatchObject({ state: 'done', counts: { done: { update: 1 } } })
    expect((await target())['uid=eve']).toMatchObject({ sn: ['Noir'], userpassword: ['from-hr'] })
  })

  test('renames and updates in one go', async () => {
    const task = people({
      pivots: ['employeeNumber'],
      attributes: { uid: {}, sn: {}, cn: {}, employeeNumber: {} },
    })
    await put(sourceBase, 'mmartin', { employeeNumber: '7', sn: 'Martin' })
    await put(targetBase, 'mdurand', { employeeNumber: '7', sn: 'Durand' })
    const run = await engine.run(task)
    expect(run).toMatchObject({ state: 'done', counts: { failed: 0, done: { rename: 1, update: 1 } } })
    expect(await target()).toEqual({
      'uid=mmartin': expect.objectContaining({ uid: ['mmartin'], sn: ['Martin'] }),
    })
  })

  test('lets an entry refer to another that the same run creates or renames', async () => {
    const task = people({
      pivots: ['employeeNumber'],
      attributes: {
        objectClass: { create: '"inetOrgPerson"', policy: 'keep' },
        uid: {},
        sn: {},
        cn: {},
        employeeNumber: {},
        manager: { references: `people-${tests}` },
      },
    })
    await put(sourceBase, 'aboss', { employeeNumber: '1', manager: `uid=zboss,${sourceBase}` })
    await put(sourceBase, 'zboss', { employeeNumber: '2' })
    await put(sourceBase, 'worker', { employeeNumber: '3', manager: `uid=aboss,${sourceBase}` })
    await put(targetBase, 'oldboss', { employeeNumber: '1' })
    const run = await engine.run(task)
    expect(run).toMatchObject({
      state: 'done',
      counts: { failed: 0, findings: {}, done: { create: 2, rename: 1 } },
    })
    expect(await target()).toMatchObject({
      'uid=aboss': { manager: [`uid=zboss,${targetBase}`] },
      'uid=worker': { manager: [`uid=aboss,${targetBase}`] },
    })
    const second = await engine.run(task)
    expect(second.counts.planned).toMatchObject({ create: 0, update: 0, rename: 0 })
  })

  test('sets aside what is ambiguous on either side, and touches none of it', async () => {
    const task = people({ pivots: ['employeeNumber', 'mail'] })
    await put(sourceBase, 'one', { employeeNumber: '1' })
    await put(sourceBase, 'uno', { employeeNumber: '1' })
    await put(sourceBase, 'two', { employeeNumber: '2' })
    await put(targetBase, 'two', { employeeNumber: '2' })
    await put(targetBase, 'deux', { employeeNumber: '2' })
    await put(sourceBase, 'none', {})
    const run = await engine.run(task)
    expect(run).toMatchObject({
      state: 'done',
      counts: { planned: { create: 0, update: 0, delete: 0 }, findings: { ambiguous: 2, 'no-pivot': 1 } },
    })
    expect(await engine.rows(run)).toEqual([])
  })

  test('puts an operation on an entry that somebody has changed meanwhile aside', async () => {
    await put(sourceBase, 'ann', { givenName: 'Ann', sn: 'Roy' })
    await put(targetBase, 'ann', { sn: 'King' })
    const planned = await engine.run(people(), { preview: true })
    await root.modify(`uid=ann,${targetBase}`, [{ operation: 'replace', attribute: 'sn', values: ['Queen'] }])
    await engine.services.runs.approve('acme', planned.id, 'ada', new Date())
    const run = await engine.goOn(planned, people())
    expect(run).toMatchObject({ state: 'done', counts: { conflicts: 1, done: { update: 0 } } })
    expect((await target())['uid=ann']).toMatchObject({ sn: ['Queen'] })
  })
})

describe('guards', () => {
  const several = (count: number): Promise<void[]> =>
    Promise.all(Array.from({ length: count }, (_, index) => put(targetBase, `p${index}`, {})))

  test('hold a plan with too many deletes; approving applies just that plan', async () => {
    await several(25)
    await put(sourceBase, 'p0', {})
    await put(sourceBase, 'new', {})
    const held = await engine.run(people())
    expect(held).toMatchObject({ state: 'held', guards: [{ guard: 'deletes', count: 24, limit: 20 }] })
    expect(Object.keys(await target())).toHaveLength(25)
    await put(sourceBase, 'later', {})
    await engine.services.runs.approve('acme', held.id, 'ada', new Date())
    const run = await engine.goOn(held, people())
    expect(run).toMatchObject({
      state: 'done',
      approvedBy: 'ada',
      counts: { done: { create: 1, delete: 24 } },
    })
    expect(Object.keys(await target()).toSorted()).toEqual(['uid=new', 'uid=p0'])
  })

  test('an empty source deletes nothing', async () => {
    await several(3)
    expect(await engine.run(people())).toMatchObject({ state: 'held', guards: [{ guard: 'empty-source' }] })
    expect(Object.keys(await target())).toHaveLength(3)
  })

  test('a tenant that is frozen is not written', async () => {
    await put(sourceBase, 'ice', {})
    await engine.services.freeze.freeze('acme', 'ada', 'move of the servers', new Date())
    const held = await engine.run(people({ clean: { action: 'none' } }))
    expect(held).toMatchObject({ state: 'held', guards: [{ guard: 'frozen' }] })
    await engine.services.freeze.thaw('acme')
    expect(await target()).toEqual({})
  })
})

describe('an undo', () => {
  test('takes back everything that a run did, and leaves alone what was changed since', async () => {
    await put(sourceBase, 'alice', { givenName: 'Alice', sn: 'Martin' })
    await put(sourceBase, 'bob', { sn: 'Durand', givenName: 'Bob' })
    await put(sourceBase, 'carl', { sn: 'Petit' })
    await put(targetBase, 'bob', { sn: 'Old', description: ['kept'] })
    await put(targetBase, 'carl', { sn: 'Grand' })
    await put(targetBase, 'zoe', { sn: 'Zoé', userPassword: 'secret-of-zoe', jpegPhoto: 'x' })
    const before = await target()
    const run = await engine.run(people())
    expect(run).toMatchObject({ state: 'done', counts: { done: { create: 1, update: 2, delete: 1 } } })
    await root.modify(`uid=carl,${targetBase}`, [
      { operation: 'replace', attribute: 'sn', values: ['Moyen'] },
    ])
    const looked = await engine.run(people(), { kind: 'undo', undoes: run.id, preview: true })
    expect(looked).toMatchObject({ state: 'planned', counts: { conflicts: 1 } })
    const undo = await engine.run(people(), { kind: 'undo', undoes: run.id })
    expect(undo).toMatchObject({
      state: 'done',
      counts: { conflicts: 1, failed: 0, done: { create: 1, update: 1, delete: 1 } },
    })
    const after = await target()
    expect({ ...after, 'uid=carl': null }).toEqual({ ...before, 'uid=carl': null })
    expect(after['uid=carl']).toMatchObject({ sn: ['Moyen'] })
    expect(await engine.services.runs.read('acme', run.id)).toMatchObject({ undoneBy: undo.id })
  })
})

describe('one entry', () => {
  test('is brought in step by itself', async () => {
    await put(sourceBase, 'alice', { sn: 'Martin' })
    await put(sourceBase, 'bob', { sn: 'Durand' })
    await put(targetBase, 'alice', { sn: 'Old' })
    await put(targetBase, 'zoe', {})
    const run = await engine.run(people(), { kind: 'entry', only: { attribute: 'uid', value: 'alice' } })
    expect(run).toMatchObject({
      state: 'done',
      counts: { source: 1, done: { create: 0, update: 1, delete: 0 } },
    })
    expect((await target())['uid=alice']).toMatchObject({ sn: ['Martin'] })
    expect(Object.keys(await target()).toSorted()).toEqual(['uid=alice', 'uid=zoe'])
  })
})
