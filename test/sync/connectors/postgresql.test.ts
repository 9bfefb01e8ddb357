import { Client } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { syncConnectionSchema } from '../../../src/config/sync-connection-schema.ts'
import type { Destination, FeedEvent, Source } from '../../../sync/connectors/connector.ts'
import { openDestination, openSource } from '../../../sync/connectors/open-connector.ts'
import { type TestDatabase, testDatabase } from '../../support/postgres.ts'
import { describeDestination } from './describe-destination.ts'
import { describeSource, people, readAll } from './describe-source.ts'

let database: TestDatabase
let client: Client
let now = new Date('2026-11-25T12:00:00Z')

beforeAll(async () => {
  database = await testDatabase()
  client = new Client({ connectionString: database.url })
  await client.connect()
  await client.query(`
    create schema hr;
    create table hr.people (
      uid varchar(40) primary key, sn text, mail text[], description text, "ignored column" text,
      number numeric, active boolean, photo bytea, born date, "from" timestamp, changed timestamptz, card uuid, posts text
    )`)
})
afterAll(async () => {
  await client.end()
  await database.drop()
})
beforeEach(async () => {
  await client.query('truncate hr.people')
})

const connection = (url = database.url) => syncConnectionSchema.parse({ kind: 'postgresql', name: 'hr', url })
const source = (options: Record<string, unknown> = {}): Promise<Source> =>
  openSource(connection(), { table: 'hr.people', key: 'uid', ...options }, () => now)
const destination = (options: Record<string, unknown> = {}): Promise<Destination> =>
  openDestination(connection(), { table: 'hr.people', key: 'uid', ...options }, () => now)

async function fill(): Promise<void> {
  for (const { uid, sn, mail } of people)
    await client.query('insert into hr.people (uid, sn, mail, description) values ($1, $2, $3, $4)', [
      uid,
      sn,
      mail,
      '',
    ])
}

const sequence = (count: number): string =>
  `select 'p' || n as uid, 'Élodie' as sn, array['a', 'b'] as mail from generate_series(1, ${count}) n`

describeSource('postgresql', {
  nameOf: (uid) => uid,
  async people() {
    await fill()
    return source()
  },
  many: (count) => source({ table: undefined, query: sequence(count) }),
  cut: {
    reason: 'refused',
    open: () =>
      source({
        table: undefined,
        query: `select 'p' || n as uid, 1 / (1500 - n) as sn from generate_series(1, 2000) n`,
      }),
  },
})

describeDestination('postgresql', {
  nameOf: (uid) => uid,
  async open() {
    await fill()
    return destination()
  },
})

describe('a table of PostgreSQL', () => {
  test('loses nothing of its values: numbers, truths, bytes, dates in their zone, and no end for ever', async () => {
    await client.query(`insert into hr.people values
      ('a', 'A', null, null, 'é', 12345678901234567890.10, true, '\\x00ff', '2026-07-01', '2026-07-01 08:30:00.5',
        '2026-07-01 08:30:00+02', '3c5a2f0e-2f6c-4f3e-9a3e-0d8f1a2b3c4d', 'x, y'),
      ('b', 'B', null, null, null, 7, false, null, '9999-12-31', 'infinity', null, null, null)`)
    const { records, faults } = await readAll(
      await source({
        dates: [{ columns: ['BORN'], zone: 'Europe/Paris', time: 'end' }, { columns: ['from'] }],
        separators: { posts: ',' },
      }),
    )
    expect(faults).toEqual([])
    const [a, b] = records
    expect(Object.fromEntries((a?.names() ?? []).map((name) => [name, a?.values(name)]))).toEqual({
      uid: ['a'],
      sn: ['A'],
      'ignored column': ['é'],
      number: ['12345678901234567890.1'],
      active: ['TRUE'],
      photo: [Buffer.from([0, 255])],
      born: ['20260701215959Z'],
      from: ['20260701063000Z'],
      changed: ['20260701063000Z'],
      card: ['3c5a2f0e-2f6c-4f3e-9a3e-0d8f1a2b3c4d'],
      posts: ['x', 'y'],
    })
    expect(b?.names()).toEqual(['uid', 'sn', 'number', 'active'])
  })

  test('is written with the same values that were read from it', async () => {
    await client.query(`insert into hr.people (uid) values ('a')`)
    const side = await destination({
      dates: [{ columns: ['born'], zone: 'Europe/Paris', time: 'end' }],
      separators: { posts: ', ' },
    })
    const wanted = {
      number: ['007.50'],
      active: ['true'],
      photo: [Buffer.from([0, 255])],
      born: ['20260701215959Z'],
      from: ['20260701063000Z'],
      changed: ['20260701063000Z'],
      card: ['3c5a2f0e-2f6c-4f3e-9a3e-0d8f1a2b3c4d'],
      posts: ['x', 'y'],
    }
    const modifications = Object.entries(wanted).map(([attribute, values]) => ({
      operation: 'replace' as const,
      attribute,
      values,
    }))
    await side.apply({ kind: 'update', name: 'a', modifications })
    const add = { operation: 'add', attribute: 'posts', values: ['z', 'y'] } as const
    await side.apply({ kind: 'update', name: 'a', modifications: [add] })
    const { rows } = await client.query<{ posts: string; born: string }>(
      `select posts, born::text from hr.people`,
    )
    expect(rows).toEqual([{ posts: 'x, y, z', born: '2026-07-01' }])
    const [record] = await side.rereadNamed(['a'], 'all')
    const keys = (attribute: string, values: readonly (string | Buffer)[] = []) =>
      values.map((value) => side.comparison.key(attribute, value))
    for (const [attribute, values] of Object.entries({ ...wanted, posts: ['x', 'y', 'z'] }))
      expect(keys(attribute, record?.values(attribute))).toEqual(keys(attribute, values))
    await side.close()
  })

  test('makes one person of several rows of a query', async () => {
    const { records } = await readAll(
      await source({
        table: undefined,
        query: `select * from (values ('a', 'x'), ('b', 'z'), ('a', 'y'), ('a', 'x')) as t(uid, post);`,
        severalRows: true,
      }),
    )
    expect(records.map((record) => [record.name, record.values('post').map(String).toSorted()])).toEqual([
      ['a', ['x', 'y']],
      ['b', ['z']],
    ])
  })

  test('tells a date that is none and a row without a key, and gives the others', async () => {
    await client.query(`insert into hr.people (uid, description) values ('a', '01/07/2026'), ('b', 'SECRET')`)
    const { records, faults } = await readAll(
      await source({ dates: [{ columns: ['description'], zone: 'UTC' }] }),
    )
    expect(records.map((record) => record.values('description'))).toEqual([['20260701000000Z']])
    expect(faults).toMatchObject([{ place: 'the row b', column: 'description' }])
    expect(JSON.stringify(faults.map(({ text }) => text))).not.toContain('SECRET')
    const nameless = await source({ table: undefined, query: `select null::text as uid, 'x' as sn` })
    expect((await readAll(nameless)).faults).toMatchObject([{ column: 'uid', text: 'no key' }])
  })

  test('that is not there, or cannot be reached, is not read as empty', async () => {
    await expect(readAll(await source({ table: 'hr.nobody' }))).rejects.toMatchObject({ reason: 'refused' })
    await expect(readAll(await source({ key: 'nothing' }))).rejects.toMatchObject({ reason: 'faulty' })
    await expect(readAll(await source({ table: 'people; drop table x' }))).rejects.toMatchObject({
      reason: 'refused',
    })
    const absent = connection('postgresql://nobody@127.0.0.1:1/none')
    const unreachable = await openSource(absent, { table: 'people', key: 'uid' }, () => now)
    await expect(readAll(unreachable)).rejects.toMatchObject({ reason: 'unreachable' })
  })

  test('that a connection is lost from is not whole', async () => {
    const reading = await source({ table: undefined, query: sequence(100_000) })
    const read = async (): Promise<void> => {
      for await (const record of reading.read({ attributes: 'all' }))
        if (record.name === 'p1')
          await client.query(
            `select pg_terminate_backend(pid) from pg_stat_activity
             where datname = current_database() and application_name = 'idaas sync'`,
          )
    }
    await expect(read()).rejects.toMatchObject({ name: 'IncompleteSource', reason: 'lost' })
    await reading.close()
  })

  test('refuses with what it names, and never with a value', async () => {
    await client.query(`insert into hr.people (uid) values ('a')`)
    const side = await destination()
    const set = (attribute: string, ...values: string[]) =>
      side.apply({ kind: 'update', name: 'a', modifications: [{ operation: 'replace', attribute, values }] })
    await expect(set('active', 'SECRET')).rejects.toMatchObject({
      kind: 'refused',
      message: expect.not.stringContaining('SECRET'),
    })
    await expect(set('card', 'SECRET')).rejects.toMatchObject({
      kind: 'refused',
      message: expect.not.stringContaining('SECRET'),
    })
    await expect(set('sn', 'x', 'y')).rejects.toMatchObject({ kind: 'refused', code: 'several-values' })
    await side.close()
  })
})

describe('what changed in a table', () => {
  const follow = { changes: { column: 'changed', overlap: 60 } }
  const put = (uid: string, changed: string) =>
    client.query(
      `insert into hr.people (uid, changed) values ($1, $2) on conflict (uid) do update set changed = $2`,
      [uid, changed],
    )

  /** One look: who came, and the token for the next. */
  async function look(
    token: string | null,
    options: Record<string, unknown> = follow,
  ): Promise<{ names: string[]; token: string }> {
    const side = await source(options)
    const events: FeedEvent[] = []
    if (!side.feed) throw new Error('no feed')
    for await (const event of side.feed.changes(token, { attributes: ['uid'] }, { follow: false }))
      events.push(event)
    await side.close()
    const last = events.at(-1)
    if (last?.type !== 'token') throw new Error('no token')
    return {
      names: events.flatMap((event) => (event.type === 'changed' ? [event.record.name] : [])).toSorted(),
      token: last.token,
    }
  }

  test('is told by a column that grows; the last minute is read again until it is over', async () => {
    now = new Date('2026-11-25T12:00:00Z')
    await put('old', '2026-01-01 00:00:00Z')
    await put('new', '2026-11-25 11:59:59.123456Z')
    const first = await look(null)
    expect(first.names).toEqual(['new', 'old'])
    // A transaction that began earlier ends later.
    await put('late', '2026-11-25 11:59:30Z')
    const second = await look(first.token)
    expect(second.names).toEqual(['late', 'new'])
    now = new Date('2026-11-25T12:02:00Z')
    const third = await look(second.token)
    expect(third.names).toEqual(['late', 'new'])
    expect((await look(third.token)).names).toEqual([])
    await put('old', '2026-11-25 12:02:10Z')
    expect((await look(third.token)).names).toEqual(['old'])
  })

  test('is told by a number that counts up', async () => {
    const options = { changes: { column: 'number', type: 'number', overlap: 0 } }
    await client.query(`insert into hr.people (uid, number) values ('a', 9), ('b', 10)`)
    const first = await look(null, options)
    expect(first.names).toEqual(['a', 'b'])
    await client.query(`insert into hr.people (uid, number) values ('c', 11)`)
    expect((await look(first.token, options)).names).toEqual(['c'])
    await expect(look('none of ours', options)).rejects.toMatchObject({ reason: 'refused' })
  })

  test('is told while it is followed, each change once', async () => {
    now = new Date('2026-11-25T12:00:00Z')
    const side = await source({ changes: { column: 'changed', interval: 1 } })
    const stop = new AbortController()
    const names: string[] = []
    await put('a', '2026-11-25 11:59:59Z')
    try {
      const feed = side.feed?.changes(
        null,
        { attributes: ['uid', 'changed'], signal: stop.signal },
        { follow: true },
      )
      for await (const event of feed ?? []) {
        if (event.type === 'changed') names.push(event.record.name)
        if (names.length === 1 && event.type === 'token') await put('b', '2026-11-25 12:00:00Z')
        if (names.length === 2 && event.type === 'token') await put('a', '2026-11-25 12:00:01Z')
        if (names.length >= 3 && event.type === 'token') stop.abort()
      }
    } finally {
      await side.close()
    }
    expect(names).toEqual(['a', 'b', 'a'])
  })
})
