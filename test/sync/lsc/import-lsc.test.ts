import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { migrate } from '../../../src/store/migrate.ts'
import { type Ended, idaas } from '../../main/program.ts'
import { type TestDatabase, testDatabase } from '../../support/postgres.ts'
import { installationOf } from '../installation.ts'
import { type LscStage, startStage, suffix } from './lsc-stage.ts'

let stage: LscStage
let database: TestDatabase
let folder: string
let config: string

beforeAll(async () => {
  ;[stage, database] = await Promise.all([startStage(), testDatabase()])
  await migrate(database.url)
  folder = await mkdtemp(join(tmpdir(), 'import-lsc-'))
  config = join(folder, 'idaas.yaml')
  stage.environment['HOOK'] = '/bin/true'
  const lsc = [{ file: lscFolder('groups'), clean: true, schedule: '15 2 * * *' }]
  await writeFile(
    config,
    installationOf(database.url, stage.slapd, Object.assign({ connections: [], tasks: [] }, { lsc })),
  )
})
afterAll(async () => {
  await stage.stop()
  await Promise.all([database.drop(), rm(folder, { recursive: true })])
})

const lscFolder = (name: string): string => join(import.meta.dirname, 'files', name)
const sync = (...args: string[]): Promise<Ended> => idaas(['sync', ...args], stage.environment)

test('a file is converted to YAML without its passwords, and what is different is told on stderr', async () => {
  const { code, stdout, stderr } = await sync('import-lsc', lscFolder('active-directory'))
  expect(code).toBe(2)
  expect(stderr).toMatch(/:17: cannot: ad: /)
  const known = await sync('import-lsc', lscFolder('users'))
  expect(known.code).toBe(0)
  expect(known.stdout).not.toContain('secret')
  expect(parse(known.stdout)).toMatchObject({
    sync: {
      connections: [{ name: 'ldap-rh', bind: { password: '${env:LSC_PASSWORD}' } }, { name: 'ldap-applis' }],
      tasks: [{ name: 'people', pivots: ['employeeNumber'], clean: { action: 'delete' } }],
    },
  })
  expect(known.stderr).toContain('the dataset title is not among the fetchedAttributes')
  expect(stdout).toContain('tasks: []')
  expect(await sync('import-lsc', join(folder, 'none.xml'))).toMatchObject({ code: 5 })
})

test('the tasks of a file run from the configuration and from the command line', async () => {
  const listed = await sync('list', '--json', '--config', config)
  expect(JSON.parse(listed.stdout)).toMatchObject({
    tasks: [
      { name: 'comptes', schedule: '15 2 * * *' },
      { name: 'groupes', schedule: null },
    ],
  })
  await stage.put(`ou=staff,${suffix}`, 'ann', {})
  expect(await sync('run', 'comptes', '--config', config)).toMatchObject({ code: 0 })
  expect(Object.keys(await stage.below(`ou=comptes,${suffix}`))).toEqual(['uid=ann'])

  await stage.put(`ou=rh,${suffix}`, 'bob', { employeeNumber: '7' })
  const people = ['import-lsc', lscFolder('users'), '--run', 'People', '--config', config]
  const previewed = await sync(...people, '--preview')
  expect(previewed).toMatchObject({
    code: 0,
    stdout: expect.stringContaining(`create uid=bob,ou=people,${suffix}`),
  })
  expect(await stage.below(`ou=people,${suffix}`)).toEqual({})
  expect(await sync(...people)).toMatchObject({ code: 0 })
  expect(Object.keys(await stage.below(`ou=people,${suffix}`))).toEqual(['uid=bob'])

  // The configuration knows nothing of the task, and a run of it can be taken back all the same.
  const { stdout } = await sync('history', 'people', '--limit', '1', '--json', '--config', config)
  const undo = ['undo', JSON.parse(stdout).id, '--config', config]
  expect(await sync(...undo)).toMatchObject({ code: 64, stderr: expect.stringContaining('--lsc') })
  expect(await sync(...undo, '--lsc', lscFolder('users'))).toMatchObject({ code: 0 })
  expect(await stage.below(`ou=people,${suffix}`)).toEqual({})
})

test('a task that cannot be run says why, and one that the file does not have which there are', async () => {
  const file = ['import-lsc', lscFolder('active-directory'), '--config', config, '--run']
  expect(await sync(...file, 'UtilisateursAD')).toMatchObject({
    code: 5,
    stderr: expect.stringMatching(
      /lsc\.xml:17: cannot: ad: .*\nUtilisateursAD cannot be run as it stands\.\n$/s,
    ),
  })
  expect((await sync(...file, 'Utilisateurs')).stderr).toContain('there is UtilisateursAD')
})
