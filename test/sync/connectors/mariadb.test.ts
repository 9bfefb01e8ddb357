import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { syncConnectionSchema } from '../../../src/config/sync-connection-schema.ts'
import type { Destination, Source } from '../../../sync/connectors/connector.ts'
import { openDestination, openSource } from '../../../sync/connectors/open-connector.ts'
import { type MariaDb, startMariaDb } from '../../support/mariadb.ts'
import { describeDestination } from './describe-destination.ts'
import { describeSource, people, readAll } from './describe-source.ts'

let server: MariaDb

beforeAll(async () => {
  server = await startMariaDb()
  await server.run(`create table people (
    uid varchar(40) primary key, sn text, mail text, description text, number decimal(30, 2), large bigint, photo blob,
    born date, \`from\` datetime(3), changed timestamp null, initial char(4), code binary(2)
  ) character set utf8mb4 collate utf8mb4_bin`)
})
afterAll(() => server.stop())
beforeEach(() => server.run('truncate people'))

const options = { table: 'people', key: 'uid', separators: { mail: ',' } }
const connection = (url = server.url) => syncConnectionSchema.parse({ kind: 'mysql', name: 'hr', url })
const source = (more: Record<string, unknown> = {}): Promise<Source> =>
  openSource(connection(), { ...options, ...more }, () => new Date())
const destination = (more: Record<string, unknown> = {}): Promise<Destination> =>
  openDestination(connection(), { ...options, ...more }, () => new Date())

async function fill(): Promise<void> {
  const text = (value: string): string => `'${value.replaceAll("'", "''")}'`
  const rows = people.map(
    ({ uid, sn, mail }) => `(${[uid, sn, mail.join(','), ''].map((each) => text(each)).join(', ')})`,
  )
  await server.run(`insert into people (uid, sn, mail, description) values ${rows.join(', ')}`)
}

describeSource('mysql', {
  nameOf: (uid) => uid,
  async people() {
    await fill()
    return source()
  },
  many: (count) =>
    source({
      table: undefined,
      query: `select concat('p', seq) as uid, 'Élodie' as sn, 'a,b' as mail from seq_1_to_${count}`,
    }),
  cut: {
    reason: 'refused',
    open: () =>
      source({
        table: undefined,
        query: `select concat('p', seq) as uid, (select 1 union select 2 where seq > 1500) as sn from seq_1_to_2000`,
      }),
  },
})

describeDestination('mysql', {
  nameOf: (uid) => uid,
  async open() {
    await fill()
    return destination()
  },
})

describe('a table of MariaDB', () => {
  test('loses nothing of its values: numbers, bytes, dates in their zone, and no end for ever', async () => {
    await server.run(
      `insert into people values ('a', '🂡 Zoé', null, null, 12345678901234567890.10, 9223372036854775807, x'00ff',
         '2026-07-01', '2026-07-01 08:30:00.500', from_unixtime(1782887400), 'x', x'00ff'),
        ('b', 'B', null, null, 7, -1, null, '9999-12-31', null, null, null, null)`,
      `insert into people (uid, born) values ('c', '0000-00-00')`,
    )
    const { records, faults } = await readAll(
      await source({ dates: [{ columns: ['born'], time: 'end' }, { columns: ['from'] }] }),
    )
    expect(faults).toEqual([])
    const held = records.map((record) =>
      Object.fromEntries(record.names().map((name) => [name, record.values(name)[0]])),
    )
    expect(held).toEqual([
      {
        uid: 'a',
        sn: '🂡 Zoé',
        number: '12345678901234567890.1',
        large: '9223372036854775807',
        photo: Buffer.from([0, 255]),
        born: '20260701215959Z',
        from: '20260701063000Z',
        changed: '20260701063000Z',
        initial: 'x',
        code: Buffer.from([0, 255]),
      },
      { uid: 'b', sn: 'B', number: '7', large: '-1' },
      { uid: 'c' },
    ])
  })

  test('is written with the same values that were read from it', async () => {
    await server.run(`insert into people (uid) values ('a')`)
    const side = await destination({ dates: [{ columns: ['born'], time: 'end' }] })
    const wanted = {
      number: ['007.50'],
      photo: [Buffer.from([0, 255])],
      born: ['20260701215959Z'],
      from: ['20260701063000Z'],
      changed: ['20260701063000Z'],
    }
    const modifications = Object.entries(wanted).map(([attribute, values]) => ({
      operation: 'replace' as const,
      attribute,
      values,
    }))
    await side.apply({ kind: 'update', name: 'a', modifications })
    // The same again changes no row, and that row is there still.
    await side.apply({ kind: 'update', name: 'a', modifications })
    const [record] = await side.rereadNamed(['a'], 'all')
    const keys = (attribute: string, values: readonly (string | Buffer)[] = []) =>
      values.map((value) => side.comparison.key(attribute, value))
    for (const [attribute, values] of Object.entries(wanted))
      expect(keys(attribute, record?.values(attribute))).toEqual(keys(attribute, values))
    await side.close()
  })

  test('refuses what a column cannot hold rather than cut it, and never tells a value', async () => {
    await server.run(`insert into people (uid, sn) values ('a', 'A')`)
    const side = await destination()
    const set = (attribute: string, value: string): Promise<void> =>
      side.apply({
        kind: 'update',
        name: 'a',
        modifications: [{ operation: 'replace', attribute, values: [value] }],
      })
    const refused = { kind: 'refused', message: expect.not.stringContaining('SECRET') }
    await expect(set('initial', 'SECRET')).rejects.toMatchObject(refused)
    await expect(set('number', 'SECRET')).rejects.toMatchObject(refused)
    await side.close()
  })

  test('that is not there, or cannot be reached, is not read as empty', async () => {
    await expect(readAll(await source({ table: 'nobody' }))).rejects.toMatchObject({ reason: 'refused' })
    const absent = connection('mysql://nobody@127.0.0.1:1/none')
    const unreachable = await openSource(absent, options, () => new Date())
    await expect(readAll(unreachable)).rejects.toMatchObject({ reason: 'unreachable' })
  })

  test('tells what changed by a column that grows', async () => {
    await server.run(`insert into people (uid, changed) values ('a', '2026-11-25 10:00:00'), ('b', null)`)
    const side = await source({ changes: { column: 'changed', overlap: 0 } })
    const look = async (token: string | null) =>
      Array.fromAsync(side.feed?.changes(token, { attributes: ['uid'] }, { follow: false }) ?? [])
    const first = await look(null)
    const token = first.flatMap((event) => (event.type === 'token' ? [event.token] : []))[0]
    expect(first.map(({ type }) => type)).toEqual(['changed', 'changed', 'token'])
    await server.run(`update people set changed = '2026-11-25 10:00:01' where uid = 'b'`)
    expect(await look(token ?? null)).toMatchObject([{ record: { name: 'b' } }, { type: 'token' }])
    await side.close()
  })
})

test('a MariaDB that dies while it is read is not read as whole', async () => {
  const mortal = await startMariaDb()
  const side = await openSource(
    connection(mortal.url),
    { key: 'uid', query: `select seq as uid, repeat('x', 1000) as sn from seq_1_to_200000` },
    () => new Date(),
  )
  const read = async (): Promise<void> => {
    for await (const { name } of side.read({ attributes: 'all' })) if (name === '1') await mortal.kill()
  }
  await expect(read()).rejects.toMatchObject({ name: 'IncompleteSource', reason: 'lost' })
  await side.close()
  await mortal.stop()
})
