import { chmod, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { followTask } from '../../../sync/follow/follow-task.ts'
import type { Task } from '../../../sync/task/task.ts'
import { until } from '../../support/poll.ts'
import { testDatabase } from '../../support/postgres.ts'
import { type LscStage, nothing, startStage, suffix } from './lsc-stage.ts'

let stage: LscStage

beforeAll(async () => {
  stage = await startStage()
})
afterAll(() => stage.stop())

test('people of one directory are brought to another as LSC does it', async () => {
  const [rh, people] = [`ou=rh,${suffix}`, `ou=people,${suffix}`]
  await stage.put(rh, 'amartin', {
    employeeNumber: '1',
    sn: 'Martin',
    givenName: 'ANNE-LISE',
    mail: ['anne@example.org', 'am@example.org'],
    postalAddress: 'not fetched',
    telephoneNumber: '01',
  })
  await stage.put(rh, 'bdurand', { employeeNumber: '2', sn: 'Durand', telephoneNumber: '02' })
  await stage.put(rh, 'presta', { employeeNumber: '3', employeeType: 'PRESTA' })
  await stage.put(people, 'bob', {
    employeeNumber: '2',
    telephoneNumber: '99',
    postalAddress: 'gone',
    businessCategory: 'amis',
  })
  await stage.put(people, 'presta', { employeeNumber: '3' })
  await stage.put(people, 'gone', { employeeNumber: '4' })
  await stage.put(people, 'hand', { employeeNumber: '5', description: 'manuel' })

  // LSC takes it for an entry like others (referral IGNORE).
  await stage.root.add(`cn=elsewhere,${rh}`, {
    objectClass: ['referral', 'extensibleObject'],
    cn: ['elsewhere'],
    ref: ['ldap://elsewhere.example/dc=example'],
  })
  const { tasks, notes } = await stage.open('users')
  expect(notes).toEqual([
    { weight: 'differs', line: 37, text: expect.stringContaining('<csvAudit> writes no file') },
    { weight: 'ignored', line: expect.any(Number), text: expect.stringContaining('the dataset title') },
  ])
  expect(await stage.run(tasks)).toMatchObject([
    { task: 'people', state: 'done', failed: [], findings: [], create: 1, update: 1, rename: 1, delete: 1 },
  ])
  const after = await stage.below(people)
  expect(Object.keys(after).toSorted()).toEqual(['uid=amartin', 'uid=bdurand', 'uid=hand', 'uid=presta'])
  expect(after['uid=amartin']).toEqual({
    objectclass: ['inetOrgPerson'],
    uid: ['amartin'],
    cn: ['ANNE-LISE MARTIN'],
    sn: ['Martin'],
    givenname: ['ANNE-LISE'],
    displayname: ['Anne-Lise'],
    mail: ['am@example.org', 'anne@example.org'],
    telephonenumber: ['01'],
    employeenumber: ['1'],
    description: ['créé par LSC'],
    businesscategory: ['agents', 'nouveaux'],
    userpassword: ['{SHA}NWoZK3kTsExUV00Ywo1G5jlUKKs='],
  })
  expect(after['uid=bdurand']).toEqual({
    objectclass: ['inetOrgPerson'],
    uid: ['bdurand'],
    cn: ['DURAND'],
    sn: ['Durand'],
    telephonenumber: ['99'],
    employeenumber: ['2'],
    businesscategory: ['agents', 'amis'],
  })
  expect(await stage.run(tasks)).toMatchObject([{ state: 'done', findings: [], ...nothing }])
  expect(await stage.run(await stage.converted('users'))).toMatchObject([nothing])
})

test('members of groups are found in both directories by the scripts of LSC', async () => {
  const [staff, teams] = [`ou=staff,${suffix}`, `ou=teams,${suffix}`]
  for (const uid of ['ann', 'bob', 'eve']) await stage.put(staff, uid, {})
  const team = (cn: string, members: readonly string[]): Promise<unknown> =>
    stage.root.add(`cn=${cn},${teams}`, {
      objectClass: ['groupOfNames'],
      cn: [cn],
      description: [`équipe   de ${cn}`],
      member: members.map((uid) => `uid=${uid},${staff}`),
    })
  await team('admins', ['ann', 'eve', 'nobody'])
  await team('all', ['ann', 'bob', 'eve'])

  const folder = await mkdtemp(join(tmpdir(), 'lsc-hook-'))
  const hook = join(folder, 'hook')
  stage.environment['HOOK'] = hook
  await writeFile(hook, '#!/bin/sh\n{ echo "$2 $1"; cat; } > "$0.$$"\n')
  await chmod(hook, 0o755)
  const { tasks, notes } = await stage.open('groups')
  expect(notes).toEqual([])
  expect(tasks.map(({ name, scripting }) => [name, scripting?.contexts])).toEqual([
    ['comptes', {}],
    ['groupes', { source: suffix, destination: suffix }],
  ])
  expect(await stage.run(tasks)).toMatchObject([
    { task: 'comptes', state: 'done', failed: [], create: 3 },
    { task: 'groupes', state: 'done', failed: [], findings: [], create: 2 },
  ])
  const files = (await readdir(folder)).filter((name) => name !== 'hook')
  const told = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')))
  expect(told.toSorted()).toEqual([
    expect.stringMatching(/^create cn=admins,.*\n.*"attributeName"/),
    expect.stringMatching(/^create cn=all,.*\n.*"attributeName"/),
  ])
  const member = (uid: string): string => `uid=${uid},ou=comptes,${suffix}`
  expect(await stage.below(`ou=groupes,${suffix}`)).toMatchObject({
    'cn=admins': { member: [member('ann'), member('eve')], description: ['équipe de admins'] },
    'cn=all': { member: [member('ann'), member('bob'), member('eve')] },
  })
  expect(await stage.run(tasks)).toMatchObject([nothing, nothing])
  expect(await stage.run(await stage.converted('groups'))).toMatchObject([nothing, nothing])

  await stage.root.delete(`uid=eve,${staff}`)
  await stage.root.modify(`cn=all,${teams}`, [
    { operation: 'delete', attribute: 'member', values: [`uid=eve,${staff}`] },
  ])
  await stage.root.delete(`cn=admins,${teams}`)
  expect(await stage.run(tasks)).toMatchObject([
    { task: 'comptes', delete: 1, failed: [] },
    { task: 'groupes', delete: 1, update: 1, failed: [] },
  ])
  expect(await stage.below(`ou=groupes,${suffix}`)).toMatchObject({
    'cn=all': { member: [member('ann'), member('bob')] },
  })
})

/** A database of its own, which the files name. */
async function openDatabase(tables: string): Promise<{ client: Client; close(): Promise<void> }> {
  const database = await testDatabase()
  const client = new Client({ connectionString: database.url })
  await client.connect()
  await client.query(tables)
  const { searchParams, pathname, username } = new URL(database.url)
  stage.environment['DB_HOST'] = 'localhost'
  stage.environment['DB_NAME'] = `${pathname.slice(1)}?${searchParams.toString()}`
  stage.environment['DB_USER'] = decodeURIComponent(username)
  stage.environment['DB_PASSWORD'] = 'none'
  return {
    client,
    async close() {
      await client.end()
      await database.drop()
    },
  }
}

test('rows of a database become entries by the queries of its SQL maps', async () => {
  const { client: hr, close } = await openDatabase(`
    create table service (id int primary key);
    create table agent (matricule int primary key, login text, nom text, prenom text, courriels text, service int, sorti date);
    insert into agent values
      (1, 'amartin', 'Martin', 'Anne', 'anne@example.org;am@example.org', null, null),
      (2, 'bdurand', 'Durand', 'Bob', null, null, null),
      (3, 'parti', 'Parti', 'Paul', null, null, '2026-01-01')`)
  const agents = `ou=agents,${suffix}`
  await stage.put(agents, 'parti', { employeeNumber: '3' })
  await stage.put(agents, 'efface', { employeeNumber: '4' })
  await stage.put(agents, 'bdurand', { employeeNumber: '2', mail: 'bob@example.org' })

  const { tasks, notes } = await stage.open('database')
  expect(notes).toEqual([])
  expect(await stage.run(tasks)).toMatchObject([
    { task: 'agents', state: 'done', failed: [], findings: [], create: 1, update: 1, delete: 1 },
  ])
  expect(await stage.below(agents)).toMatchObject({
    'uid=amartin': {
      cn: ['Martin Anne'],
      employeenumber: ['1'],
      mail: ['am@example.org', 'anne@example.org'],
    },
    'uid=bdurand': { cn: ['Durand Bob'], sn: ['Durand'] },
    'uid=parti': {},
  })
  expect((await stage.below(agents))['uid=bdurand']).not.toHaveProperty('mail')
  expect(await stage.run(tasks)).toMatchObject([nothing])
  expect(await stage.run(await stage.converted('database'))).toMatchObject([nothing])
  await hr.query('delete from agent where matricule = 3')
  expect(await stage.run(tasks)).toMatchObject([{ delete: 1 }])
  await close()
})

test('entries become rows of the table that its statements write', async () => {
  const { client, close } = await openDatabase(`
    create table poste (mail text primary key, nom text, numero text);
    insert into poste values ('b@example.org', 'Durand', '02'), ('z@example.org', 'Zoé', null)`)
  const rows = async (): Promise<unknown> => (await client.query('select * from poste order by mail')).rows
  const poste = `ou=poste,${suffix}`
  await stage.put(poste, 'ann', { mail: 'a@example.org', sn: 'Martin', telephoneNumber: ['01', '10'] })
  await stage.put(poste, 'bob', { mail: 'b@example.org', sn: 'Durand' })
  await stage.put(poste, 'eve', { sn: 'Roy' })
  const { tasks, notes } = await stage.open('phone-book')
  expect(notes).toEqual([])
  expect(await stage.run(tasks)).toMatchObject([
    { task: 'telephonie', failed: [], findings: [], create: 1, update: 1, delete: 1 },
  ])
  expect(await rows()).toEqual([
    { mail: 'a@example.org', nom: 'MARTIN', numero: '01' },
    { mail: 'b@example.org', nom: 'DURAND', numero: null },
  ])
  expect(await stage.run(tasks)).toMatchObject([nothing])
  expect(await stage.run(await stage.converted('phone-book'))).toMatchObject([nothing])
  await close()
})

test('a directory is followed, its deletes too, which LSC never brought over', async () => {
  const [live, mirror] = [`ou=vif,${suffix}`, `ou=miroir,${suffix}`]
  await stage.put(live, 'ann', { title: 'chef' })
  const { tasks, notes } = await stage.open('syncrepl')
  expect(notes).toEqual([])
  expect(tasks.map(({ when }) => when.follows)).toEqual([true])
  expect(await stage.run(tasks)).toMatchObject([{ task: 'miroir', failed: [], create: 1 }])
  expect(await stage.below(mirror)).toMatchObject({
    'uid=ann': { title: ['chef'], description: [`copie de uid=ann,${live}`] },
  })
  expect(await stage.run(tasks)).toMatchObject([nothing])
  expect(await stage.run(await stage.converted('syncrepl'))).toMatchObject([nothing])

  const [task] = tasks
  if (task === undefined) throw new Error('no task')
  const stop = new AbortController()
  const end = followTask(task, stage.engine.services, stop.signal)
  await stage.put(live, 'bob', { title: 'adjoint' })
  await until(async () => 'uid=bob' in (await stage.below(mirror)), { within: 10_000 })
  await stage.root.delete(`uid=ann,${live}`)
  await until(async () => !('uid=ann' in (await stage.below(mirror))), { within: 10_000 })
  stop.abort()
  await end
})

test('as LSC did it: a rename goes without its update, and capitals are a difference', async () => {
  const [staff, comptes] = [`ou=staff,${suffix}`, `ou=comptes,${suffix}`]
  await stage.put(staff, 'max', { sn: 'MAX' })
  await stage.put(comptes, 'max', { sn: 'max' })
  const accounts = async (compat?: 'lsc'): Promise<readonly Task[]> =>
    (await stage.open('groups', compat && { compat })).tasks.slice(0, 1)
  expect(await stage.run(await accounts())).toMatchObject([{ task: 'comptes', update: 0 }])
  expect(await stage.run(await accounts('lsc'))).toMatchObject([{ update: 1, failed: [] }])
  expect((await stage.below(comptes))['uid=max']).toMatchObject({ sn: ['MAX'] })

  const people = await stage.open('users', { compat: 'lsc' })
  await stage.put(`ou=rh,${suffix}`, 'new', { employeeNumber: '70', sn: 'Neuf' })
  await stage.put(`ou=people,${suffix}`, 'old', { employeeNumber: '70', sn: 'Vieux' })
  expect(await stage.run(people.tasks)).toMatchObject([{ rename: 1, update: 0 }])
  expect(await stage.run(people.tasks)).toMatchObject([{ rename: 0, update: 1 }])
  expect(await stage.run(people.tasks)).toMatchObject([nothing])
})
