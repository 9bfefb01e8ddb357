import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readBackupVerified } from '../../src/store/backup-verified.ts'
import { connectDatabase, type Database } from '../../src/store/postgres.ts'
import { startSlapd, type Slapd } from '../support/slapd.ts'
import { main, start } from '../main/program.ts'
import { makeInstallation, type Installation } from './installation.ts'

let slapd: Slapd
let site: Installation
let database: Database
let verified: string

beforeAll(async () => {
  slapd = await startSlapd()
  site = await makeInstallation(slapd)
  database = connectDatabase(site.databaseUrl)
  await site.run('migrate')
  verified = (await site.run('verify', '--json')).stdout
})
afterAll(async () => {
  await database.close()
  await slapd.stop()
})

async function note(said: string) {
  const file = join(site.folder, 'verified.json.txt')
  await writeFile(file, said)
  return await site.run('backup-verified', file)
}

test('a copy in which something is wrong, or that nobody verified, is not noted', async () => {
  for (const said of [
    verified.replace('"ok": true', '"ok": false'),
    '{ "ok": true }',
    '',
    'everything is there',
  ])
    expect(await note(said)).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/a copy in which nothing is wrong[.] Nothing was noted[.]\n$/),
    })
  expect(await site.run('backup-verified')).toMatchObject({ code: 64 })
  expect(await readBackupVerified(database)).toBeNull()
})

test('what was said of the copy is read from standard input too', async () => {
  const child = start([main, 'backup-verified', '-'], { IDAAS_CONFIG: site.folder }, verified)
  expect(await child.ended).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/^noted: /) })
})

test('a copy that is whole is noted with the time, each time anew', async () => {
  const times: number[] = []
  for (const _ of ['first', 'second']) {
    const before = Date.now()
    const ended = await note(verified)
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    const at = await readBackupVerified(database)
    expect(ended.stdout).toBe(`noted: a restored copy was found whole at ${at?.toISOString()}\n`)
    expect(at?.getTime()).toBeGreaterThanOrEqual(before)
    times.push(at?.getTime() ?? 0)
  }
  expect(times[1]).toBeGreaterThan(times[0] ?? 0)
})
