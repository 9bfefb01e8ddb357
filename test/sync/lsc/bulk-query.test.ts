import { createConnection } from 'mysql2/promise'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bulkQuery, presenceQuery } from '../../../sync/lsc/bulk-query.ts'
import { type MariaDb, startMariaDb } from '../../support/mariadb.ts'
import { type TestDatabase, testDatabase } from '../../support/postgres.ts'

const tables = [
  'create table staff (id int primary key, login varchar(20), team int, gone int)',
  'create table team (id int primary key, name varchar(20))',
  "insert into team values (7, 'desk')",
  "insert into staff values (1, 'ann', 7, null), (2, 'bob', null, null), (3, 'eve', 7, 1)",
]

let mariaDb: MariaDb
let postgres: TestDatabase

beforeAll(async () => {
  ;[mariaDb, postgres] = await Promise.all([startMariaDb(), testDatabase()])
  await mariaDb.run(...tables)
  await inPostgres(tables.join(';'))
})
afterAll(() => Promise.all([mariaDb.stop(), postgres.drop()]))

async function inPostgres(sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: postgres.url })
  await client.connect()
  const { rows } = await client.query(sql)
  await client.end()
  return rows
}

async function inMariaDb(sql: string): Promise<unknown> {
  const url = new URL(mariaDb.url)
  const client = await createConnection({
    socketPath: url.searchParams.get('host') ?? '',
    user: 'root',
    database: 'test',
  })
  const [rows] = await client.query(sql)
  await client.end()
  return rows
}

const list = 'SELECT s.id FROM staff s WHERE s.gone IS NULL'
const one =
  'SELECT s.login AS uid, t.name AS ou FROM staff s LEFT JOIN team t ON t.id = s.team WHERE s.id = #id:INTEGER#'

test.for([
  ['postgresql', inPostgres],
  ['mysql', inMariaDb],
] as const)('the queries of LSC for a list and for one row become one (%s)', async ([kind, ask]) => {
  const { query, columns } = bulkQuery(kind, list, one, [])
  expect([...columns]).toEqual([['id', 'lsc_id']])
  expect(await ask(`${query} ORDER BY uid`)).toEqual([
    { uid: 'ann', ou: 'desk', lsc_id: 1 },
    { uid: 'bob', ou: null, lsc_id: 2 },
  ])
  const selected = bulkQuery(kind, list, one.replace('SELECT ', 'SELECT s.id, '), ['ID'])
  expect([...selected.columns]).toEqual([['id', 'id']])
  expect(await ask(`${selected.query} ORDER BY uid`)).toEqual([
    { id: 1, uid: 'ann', ou: 'desk' },
    { id: 2, uid: 'bob', ou: null },
  ])
  const present = presenceQuery('SELECT login FROM staff WHERE id = #employeeNumber#', 'lsc_id')
  expect(present?.pivot).toBe('employeenumber')
  expect(await ask(`${present?.query} ORDER BY 1`)).toEqual([{ lsc_id: 1 }, { lsc_id: 2 }, { lsc_id: 3 }])
})

test('a query that does more than compare one column says nothing of who is there', () => {
  for (const sql of [
    'SELECT id FROM staff WHERE id = #a# AND login = #b#',
    'SELECT id FROM staff WHERE id > #a#',
    'SELECT max(id) FROM staff WHERE team = #a# GROUP BY team',
  ])
    expect(presenceQuery(sql, 'id')).toBeNull()
})
