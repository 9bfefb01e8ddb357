import { Client } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { syncConnectionSchema } from '../../../src/config/sync-connection-schema.ts'
import { openLdapSide } from '../../../sync/connectors/ldap/open-ldap-side.ts'
import { openDestination, openSource } from '../../../sync/connectors/open-connector.ts'
import { followTask } from '../../../sync/follow/follow-task.ts'
import type { Task } from '../../../sync/task/task.ts'
import { until } from '../../support/poll.ts'
import { type TestDatabase, testDatabase } from '../../support/postgres.ts'
import { startEngine, taskOf, type TestEngine } from '../engine.ts'
import { type PeopleDirectory, startPeopleDirectory } from '../people-directory.ts'

let directory: PeopleDirectory
let database: TestDatabase
let hr: Client
let engine: TestEngine
/** Each test has a task of its own: what a task remembers is not another's. */
let tests = 0

beforeAll(async () => {
  ;[directory, database] = await Promise.all([startPeopleDirectory(), testDatabase()])
  hr = new Client({ connectionString: database.url })
  await hr.connect()
  await hr.query(`
    create table employee (id int primary key, login text, last_name text, first_name text, mails text[], leaves date, until text,
      updated_at timestamptz not null default clock_timestamp());
    create table phone_book (login text primary key, name text, mails text[], number numeric, ends date)`)
  const connection = syncConnectionSchema.parse({ kind: 'postgresql', name: 'hr', url: database.url })
  const ldap = { pool: directory.pool }
  const branch = { base: directory.base, filter: '(objectClass=inetOrgPerson)' }
  const employees = {
    query: `select id as "employeeNumber", login, last_name, first_name, mails, leaves, until, updated_at from employee`,
    key: 'employeeNumber',
    dates: [{ columns: ['leaves'], time: 'end' }, { columns: ['until'] }],
    changes: { column: 'updated_at', overlap: 2, interval: 1 },
  }
  const phoneBook = { table: 'phone_book', key: 'login', dates: [{ columns: ['ends'], time: 'end' }] }
  const clock = (): Date => new Date()
  engine = await startEngine(async ({ name }) =>
    name.startsWith('phone-book')
      ? {
          source: await openLdapSide(ldap, { role: 'source', ...branch }),
          destination: await openDestination(connection, phoneBook, clock),
        }
      : {
          source: await openSource(connection, employees, clock),
          destination: await openLdapSide(ldap, branch),
        },
  )
})
afterAll(async () => {
  await engine.close()
  await hr.end()
  await Promise.all([directory.stop(), database.drop()])
})
beforeEach(async () => {
  tests++
  await directory.clear()
  await hr.query('truncate employee, phone_book')
})

const hire = (id: number, login: string, mails: string[] = []) =>
  hr.query(
    `insert into employee (id, login, last_name, first_name, mails, leaves) values ($1, $2, $3, $4, $5, '2027-08-31')`,
    [id, login, login.toUpperCase(), 'Élodie', mails],
  )

const employees = (more: Record<string, unknown> = {}): Task =>
  taskOf({
    name: `employees-${tests}`,
    pivots: ['employeeNumber'],
    entryName: 'dn`uid=${source.login},ou=people,dc=example,dc=org`',
    attributes: {
      objectClass: { policy: 'keep', create: '"inetOrgPerson"' },
      uid: { from: 'login' },
      employeeNumber: {},
      cn: { value: '`${source.first_name} ${source.last_name}`' },
      sn: { from: 'last_name' },
      mail: { from: 'mails' },
      description: { from: 'leaves' },
      roomNumber: { from: 'until' },
    },
    clean: { action: 'delete' },
    ...more,
  })

describe('a database of HR', () => {
  test('fills a directory: creates, changes, renames, removes; a second run writes nothing', async () => {
    await hire(1, 'alice', ['a@example.org', 'alice@example.org'])
    await hire(2, 'bob')
    await hire(3, 'carl')
    const first = await engine.run(employees())
    expect(first).toMatchObject({ state: 'done', counts: { source: 3, failed: 0, done: { create: 3 } } })
    expect((await directory.people())['alice']).toEqual({
      objectclass: ['inetOrgPerson'],
      uid: ['alice'],
      employeenumber: ['1'],
      cn: ['Élodie ALICE'],
      sn: ['ALICE'],
      mail: ['a@example.org', 'alice@example.org'],
      description: ['20270831215959Z'],
    })
    expect(await engine.rows(await engine.run(employees()))).toEqual([])

    await hr.query(
      `update employee set mails = array_remove(mails, 'a@example.org'), leaves = null where id = 1`,
    )
    await hr.query(`update employee set login = 'robert' where id = 2`)
    await hr.query(`delete from employee where id = 3`)
    const second = await engine.run(employees({ guards: { shrink: 1 } }))
    expect(second).toMatchObject({
      state: 'done',
      counts: { failed: 0, done: { create: 0, update: 1, rename: 1, delete: 1 } },
    })
    const held = await directory.people()
    expect(Object.keys(held).toSorted()).toEqual(['alice', 'robert'])
    expect(held['alice']?.['mail']).toEqual(['alice@example.org'])
    expect(held['alice']?.['description']).toBeUndefined()
  })

  test('is followed by the time of its changes, from where it was left', async () => {
    const task = employees({ follow: true })
    await hire(1, 'alice')
    await hire(3, 'carl')
    await hr.query(`update employee set updated_at = '2026-01-01' where id = 3`)
    const become = (expected: Record<string, string>): Promise<unknown> =>
      until(
        async () => {
          const held = Object.entries(await directory.people()).map(([uid, { sn }]) => [uid, sn?.join()])
          expect(Object.fromEntries(held)).toEqual(expected)
          return true
        },
        { within: 15_000, every: 20 },
      )
    const following = async (act: () => Promise<unknown>): Promise<void> => {
      const stop = new AbortController()
      const end = followTask(task, engine.services, stop.signal)
      await act()
      stop.abort()
      expect(await end).toBe('stopped')
    }
    await following(async () => {
      await become({ alice: 'ALICE', carl: 'CARL' })
      await hr.query(`update employee set last_name = 'MARTIN', updated_at = clock_timestamp() where id = 1`)
      await hr.query(`insert into employee (id, login, last_name, until) values (4, 'dora', 'DORA', 'SOON')`)
      await hire(2, 'bob')
      await become({ alice: 'MARTIN', bob: 'BOB', carl: 'CARL' })
    })
    const runs = await engine.services.runs.list({ tenant: 'acme', task: task.name, limit: 10 })
    const findings = (await Promise.all(runs.map((run) => engine.findings(run)))).flat()
    expect(findings).toMatchObject([{ kind: 'unusable', subject: 'the row 4', detail: { column: 'until' } }])
    await hr.query(`update employee set last_name = 'DURAND', updated_at = clock_timestamp() where id = 2`)
    // Not told by the database, so that only a whole run finds it.
    await hr.query(`update employee set last_name = 'SILENT' where id = 3`)
    await following(() => become({ alice: 'MARTIN', bob: 'DURAND', carl: 'CARL' }))
    await engine.run(task)
    await become({ alice: 'MARTIN', bob: 'DURAND', carl: 'SILENT' })
  })

  test('that cannot be read removes nobody', async () => {
    await hire(1, 'alice')
    await engine.run(employees())
    await hr.query('alter table employee rename to elsewhere')
    try {
      expect(await engine.run(employees())).toMatchObject({
        state: 'incomplete',
        failure: { code: 'refused' },
      })
    } finally {
      await hr.query('alter table elsewhere rename to employee')
    }
    expect(Object.keys(await directory.people())).toEqual(['alice'])
  })
})

describe('a table', () => {
  const phoneBook = (more: Record<string, unknown> = {}): Task =>
    taskOf({
      name: `phone-book-${tests}`,
      pivots: [{ source: 'uid', destination: 'login' }],
      entryName: 'source.uid',
      attributes: {
        login: { from: 'uid' },
        name: { from: 'cn' },
        mails: { from: 'mail' },
        number: { from: 'employeeNumber' },
        ends: { from: 'description' },
      },
      clean: { action: 'delete' },
      ...more,
    })
  const rows = async () =>
    (await hr.query(`select *, number::text, ends::text from phone_book order by login`)).rows

  test('is filled from a directory, kept in step with it, and taken back by an undo', async () => {
    await directory.put('alice', {
      mail: ['a@example.org', 'alice@example.org'],
      employeeNumber: ['0012'],
      description: ['20270831215959Z'],
    })
    await directory.put('bob', { cn: ["Bob d'Hervé"] })
    await hr.query(
      `insert into phone_book (login, name, mails) values ('bob', 'Robert', '{r@example.org}'), ('zoe', 'Zoé', null)`,
    )
    const before = await rows()
    const first = await engine.run(phoneBook())
    expect(first).toMatchObject({
      state: 'done',
      counts: { failed: 0, done: { create: 1, update: 1, delete: 1 } },
    })
    expect(await rows()).toEqual([
      {
        login: 'alice',
        name: 'alice',
        mails: ['a@example.org', 'alice@example.org'],
        number: '12',
        ends: '2027-08-31',
      },
      { login: 'bob', name: "Bob d'Hervé", mails: [], number: null, ends: null },
    ])
    expect(await engine.rows(await engine.run(phoneBook()))).toEqual([])
    const undo = await engine.run(phoneBook(), { kind: 'undo', undoes: first.id })
    expect(undo).toMatchObject({ state: 'done', counts: { failed: 0, conflicts: 0 } })
    expect(await rows()).toEqual(before)
  })

  test('follows a new key, when another pivot says who it is; approved, resumed and taken back, too', async () => {
    const task = phoneBook({ pivots: [{ source: 'employeeNumber', destination: 'number' }] })
    await directory.put('alice', { employeeNumber: ['12'] })
    await engine.run(task)
    const before = await rows()
    await directory.root.modifyDn(`uid=alice,${directory.base}`, { newRdn: 'uid=alix' })
    await directory.root.modify(`uid=alix,${directory.base}`, [
      { operation: 'replace', attribute: 'cn', values: ['Alix'] },
    ])
    const planned = await engine.run(task, { preview: true })
    await engine.services.runs.approve('acme', planned.id, 'ada', new Date())
    const run = await engine.goOn(planned, task)
    const done = { state: 'done', counts: { failed: 0, conflicts: 0, done: { rename: 1, update: 1 } } }
    expect(run).toMatchObject(done)
    expect(await rows()).toMatchObject([{ login: 'alix', name: 'Alix', number: '12' }])
    expect(await engine.rows(await engine.run(task))).toEqual([])
    const undo = await engine.run(task, { kind: 'undo', undoes: run.id })
    expect(undo).toMatchObject(done)
    expect(await rows()).toEqual(before)
  })
})
