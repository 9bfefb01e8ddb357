import { existsSync } from 'node:fs'
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { syncConnectionSchema } from '../../../src/config/sync-connection-schema.ts'
import type { Destination, Source } from '../../../sync/connectors/connector.ts'
import { openDestination, openSource } from '../../../sync/connectors/open-connector.ts'
import { until } from '../../support/poll.ts'
import { type PeopleDirectory, startPeopleDirectory } from '../people-directory.ts'
import { describeDestination } from './describe-destination.ts'
import { describeSource, people, readAll } from './describe-source.ts'
import { directoryPrograms, shell } from './directory-programs.ts'

let directory: PeopleDirectory

beforeAll(async () => {
  directory = await startPeopleDirectory()
})
afterAll(() => directory.stop())
beforeEach(() => directory.clear())

const nameOf = (uid: string): string => `uid=${uid},ou=people,dc=example,dc=org`
const scripts = () => directoryPrograms(directory, directory.base)
const connection = (keys: Record<string, unknown>) =>
  syncConnectionSchema.parse({ kind: 'exec', name: 'scripts', ...keys })
const source = (keys: Record<string, unknown>): Promise<Source> =>
  openSource(connection(keys), {}, () => new Date())
const destination = (keys: Record<string, unknown>): Promise<Destination> =>
  openDestination(connection(keys), {}, () => new Date())

async function fill(): Promise<void> {
  await Promise.all(
    people.map(({ uid, sn, mail }) =>
      directory.put(uid, { sn: [sn], ...(mail.length > 0 && { mail: [...mail] }) }),
    ),
  )
}

const print = (...lines: string[]): string => `printf '%s\\n' ${lines.map((line) => `'${line}'`).join(' ')}`

describeSource('exec', {
  nameOf,
  async people() {
    await fill()
    return source(scripts())
  },
  many: (count) =>
    source({
      list: [
        'awk',
        `BEGIN { for (i = 0; i < ${count}; i++) print "dn: uid=p" i ",dc=x\\nuid: p" i "\\nsn: X\\n" }`,
      ],
    }),
  cut: {
    reason: 'size-limit',
    async open() {
      await fill()
      const { list, environment } = scripts()
      const limited = list.map((word) => word.replace(' -LLL', ' -LLL -z 2'))
      return source({ list: limited, environment })
    },
  },
})

describeDestination('exec', {
  nameOf,
  needed: { objectClass: ['inetOrgPerson'], cn: ['new'] },
  async open() {
    await fill()
    return destination(scripts())
  },
})

describe('programs', () => {
  test('that print everything themselves need no get', async () => {
    await fill()
    const { list, get: _, ...others } = scripts()
    const whole = list.map((word) => word.replace(' uid', ''))
    const side = await destination({ list: whole, ...others })
    const records = await side.rereadNamed([nameOf('ZOE'), nameOf('nobody')], 'all')
    expect(records.map((record) => record.values('sn'))).toEqual([['NGUYỄN']])
    await side.close()
  })

  test('are given the pivots that the list printed, and the DN as their last argument', async () => {
    const side = await source({
      list: shell(print('dn: uid=zoe,dc=x', 'uid: zoe', 'employeeNumber: 7', '')),
      get: shell('echo "dn: $1"; sed "s/^/description: /"'),
    })
    const { records } = await readAll(side)
    expect(records.map(({ name }) => name)).toEqual(['uid=zoe,dc=x'])
    expect(records[0]?.values('description')).toEqual(['uid: zoe', 'employeenumber: 7'])
  })

  test('know only the environment that they are given', async () => {
    process.env['SECRET_OF_OURS'] = 'secret'
    const side = await source({
      list: shell('echo "dn: dc=x"; env | sed "s/^/description: /"'),
      environment: { MINE: 'yes' },
    })
    const { records } = await readAll(side)
    const held = records[0]?.values('description').map(String) ?? []
    expect(held).toContain('MINE=yes')
    expect(held.join('\n')).not.toContain('SECRET_OF_OURS')
  })

  test('that fail are not read as whole: what was cut last is not handed out', async () => {
    const [first, second] = [print('dn: uid=a,dc=x', 'uid: a', ''), print('dn: uid=b,dc=x', 'uid: b')]
    const failing = async (script: string, keys: Record<string, unknown> = {}) => {
      const names: string[] = []
      const side = await source({ list: shell(script), ...keys })
      const read = async (): Promise<void> => {
        for await (const { name } of side.read({ attributes: 'all' })) names.push(name)
      }
      return { error: await read().catch((error: unknown) => error), names }
    }
    const refused = await failing(`${first}; ${second}; echo "ERROR: the API is down" >&2; exit 7`)
    expect(refused).toMatchObject({
      names: ['uid=a,dc=x'],
      error: { reason: 'refused', message: 'list ended with 7: the API is down' },
    })
    expect(await failing(`${first}; kill -9 $$`)).toMatchObject({ error: { reason: 'lost' } })
    expect(await failing(`${first}; sleep 60`, { timeout: 1 })).toMatchObject({
      error: { reason: 'time-limit' },
    })
    const absent = await readAll(await source({ list: ['/no/such/program'] })).catch(
      (error: unknown) => error,
    )
    expect(absent).toMatchObject({ reason: 'unreachable', message: 'list cannot be started: ENOENT' })
  })

  test('that cannot get one entry do not make it gone', async () => {
    const side = await source({
      list: shell(
        print('dn: uid=a,dc=x', 'uid: a', '', 'dn: uid=b,dc=x', 'uid: b', '', 'dn: uid=c,dc=x', 'uid: c'),
      ),
      get: shell(
        `case "$1" in uid=a*) echo "ERROR: locked" >&2; exit 1;; uid=b*) ;; *) echo "dn: $1"; cat;; esac`,
      ),
    })
    const { records, faults } = await readAll(side)
    expect(records.map(({ name }) => name)).toEqual(['uid=c,dc=x'])
    expect(faults).toMatchObject([
      { place: 'uid=a,dc=x', text: 'get ended with 1: locked', record: { id: 'uid=a,dc=x' } },
      { place: 'uid=b,dc=x', text: 'get printed 0 entries', record: { id: 'uid=b,dc=x' } },
    ])
  })

  test('that take too long are killed with all that they started, and nobody knows what they did', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'exec-')), 'pid')
    const side = await destination({
      list: shell(':'),
      remove: shell('sleep 60 & echo $! > "$FILE"; wait'),
      environment: { FILE: file },
      timeout: 1,
    })
    const remove = side.apply({ kind: 'delete', name: 'dc=x', subtree: false })
    await expect(remove).rejects.toMatchObject({ kind: 'lost', code: 'too-slow' })
    const pid = (await readFile(file, 'utf8')).trim()
    // Of a process that has ended, and that nobody has asked after yet, too.
    await until(() => !existsSync(`/proc/${pid}/exe`), { within: 5_000 })
    await side.close()
  })

  test('that are not there for an operation refuse it; 75 asks for another try', async () => {
    const side = await destination({ list: shell(':'), update: shell('exit 75') })
    await expect(side.apply({ kind: 'delete', name: 'dc=x', subtree: false })).rejects.toMatchObject({
      kind: 'refused',
      code: 'no-program',
    })
    const update = side.apply({ kind: 'update', name: 'dc=x', modifications: [] })
    await expect(update).rejects.toMatchObject({ kind: 'busy', code: 'exit 75' })
    await side.close()
  })
})
