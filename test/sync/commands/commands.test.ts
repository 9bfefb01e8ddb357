import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect } from '../../../src/ldap/connection.ts'
import { type Ended, idaas, main } from '../../main/program.ts'
import { until } from '../../support/poll.ts'
import { type TestDatabase, testDatabase } from '../../support/postgres.ts'
import { type ServerProcess, startServer } from '../../support/server-process.ts'
import { type Slapd, startSlapd } from '../../support/slapd.ts'
import { copiesBase, copiesTask, installationOf } from '../installation.ts'

let slapd: Slapd
let database: TestDatabase
let folder: string
let worker: ServerProcess | undefined

beforeAll(async () => {
  ;[slapd, database] = await Promise.all([startSlapd({ seed: { people: 10 } }), testDatabase()])
  folder = await mkdtemp(join(tmpdir(), 'sync-commands-'))
  const root = await connect({ url: slapd.url, bind: { dn: slapd.rootDn, password: slapd.rootPassword } })
  await root.add(copiesBase(slapd), { objectClass: ['organizationalUnit'], ou: ['copies'] })
  root.unbind()
  await writeFile(
    join(folder, 'idaas.yaml'),
    installationOf(database.url, slapd, {
      connections: [],
      tasks: [task(), { ...task(), name: 'broken', entryName: 'source.uid +', follow: false }],
    }),
  )
})
afterAll(async () => {
  await worker?.end('SIGTERM')
  await slapd.stop()
  await Promise.all([database.drop(), rm(folder, { recursive: true })])
})

const task = () => ({ ...copiesTask(slapd), follow: true })
const environment = () => ({ IDAAS_CONFIG: folder })
const sync = (...args: string[]): Promise<Ended> => idaas(['sync', ...args], environment())

test('a database that is not there, or not of this version, is told in a sentence', async () => {
  const older = await sync('list')
  expect(older).toEqual({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^[^\n]*idaas migrate[^\n]*\n$/),
  })
  const text = installationOf('postgres://idaas@127.0.0.1:1/idaas', slapd, { connections: [], tasks: [] })
  const elsewhere = `${folder}-elsewhere.yaml`
  await writeFile(elsewhere, text)
  const away = await sync('run', '--all', '--config', elsewhere)
  expect(await sync('list', '--config', elsewhere)).toEqual({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^[^\n]*ECONNREFUSED[^\n]*\n$/),
  })
  expect(away.stderr).not.toContain('    at ')
  await rm(elsewhere)
  expect(await idaas(['migrate'], environment())).toMatchObject({ code: 0 })
})

test('a script that cannot be understood is a fault of the configuration, told with its place', async () => {
  const told = expect.stringContaining('tasks.broken.entryName: ')
  expect(await sync('check', 'broken')).toEqual({ code: 5, stdout: '', stderr: told })
  expect(await sync('run', 'broken')).toMatchObject({ code: 5, stdout: told, stderr: '' })
})

test('history tells what was taken back and by what, and an entry that nobody has is no entry without changes', async () => {
  expect(await sync('run', 'copies')).toMatchObject({ code: 0 })
  const [run] = await history()
  expect(await sync('undo', run?.id ?? '')).toMatchObject({ code: 0 })
  const told = await sync('history', 'copies')
  expect(told.stdout).toContain(`takes back ${run?.id}`)
  expect(told.stdout).toContain(`taken back by ${(await history())[0]?.id}`)
  const misspelt = await sync('plan', 'copies', '--only', 'uuid=alice')
  expect(misspelt.stderr).toContain('No entry has uuid=alice')
})

test('what is asked for while a worker follows the task is done by that worker', async () => {
  const log = join(folder, 'worker.log')
  const env = { PATH: process.env['PATH'], ...environment() }
  worker = startServer({ path: process.execPath, env }, [main, 'worker'], log)
  await until(async () => (await sync('list')).stdout.includes('running on'), { within: 9_000, every: 200 })
  const planned = await sync('plan', 'copies')
  expect(planned).toMatchObject({ code: 0, stdout: expect.stringContaining('copies: planned') })
  const ran = await sync('run', 'copies')
  expect(ran).toMatchObject({ code: 0, stdout: expect.stringContaining('"state":"done"') })
})

async function history(): Promise<{ id: string }[]> {
  const { stdout } = await sync('history', 'copies', '--json')
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}
