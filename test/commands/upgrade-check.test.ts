import { afterAll, beforeAll, expect, test } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { connectDatabase } from '../../src/store/postgres.ts'
import { startSlapd, type Slapd } from '../support/slapd.ts'
import { makeInstallation, type Installation } from './installation.ts'

let slapd: Slapd
let site: Installation

beforeAll(async () => {
  slapd = await startSlapd()
  site = await makeInstallation(slapd)
})
afterAll(async () => await slapd.stop())

test('only the new version can tell what it brings', async () => {
  expect(await site.run('upgrade-check', '99.0.0')).toMatchObject({
    code: 1,
    stderr: `This is version ${packageJson.version}, which cannot know what 99.0.0 brings: run the image of 99.0.0.\n`,
  })
})

test('before the first migration everything is new, and nobody waits', async () => {
  const { stdout } = await site.run('upgrade-check', packageJson.version, '--json')
  const { locks, findings } = JSON.parse(stdout)
  expect(locks.length).toBeGreaterThan(20)
  expect(locks.filter((lock: { blocks: string }) => lock.blocks !== 'nothing')).toEqual([])
  expect(findings).toEqual(expect.arrayContaining([expect.objectContaining({ directory: 'main' })]))
})

test('an index on a table that is large by then is told with the time that nobody can write', async () => {
  await site.run('migrate')
  const database = connectDatabase(site.databaseUrl)
  await database.execute(`delete from migrations where name = '0003_signing_keys'`)
  await database.execute(`delete from migrations where name = '0004_caught_mails'`)
  await database.execute(
    `insert into caught_mails (tenant, sealed, caught_at) select 'acme', repeat(md5(i::text), 30), now() from generate_series(1, 1000) i`,
  )
  await database.close()
  const { stdout } = await site.run('upgrade-check')
  expect(stdout).toMatch(
    /^Configuration: nothing to change\n\nMigrations: 3 statements\n {2}0003_signing_keys: create table/,
  )
  expect(stdout).toMatch(
    /0004_caught_mails: create index .*\n {6}lets nobody write to caught_mails, about 1 s \(2 MB\)\n/,
  )
  expect(stdout).toContain('Directories, as the new version sees them')
})
