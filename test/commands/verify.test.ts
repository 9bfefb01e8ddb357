import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectDatabase } from '../../src/store/postgres.ts'
import { signedIn } from '../plugins/self-service/self-service-site.ts'
import { startSlapd, type Slapd } from '../support/slapd.ts'
import { idaas } from '../main/program.ts'
import { makeInstallation, robotToken, type Installation } from './installation.ts'

let slapd: Slapd
let site: Installation

beforeAll(async () => {
  slapd = await startSlapd()
  site = await makeInstallation(slapd)
  await site.run('migrate')
  const server = await site.serve()
  await signedIn(site, 'alice')
  await robotToken(site.issuer)
  await server.end('SIGTERM')
})
afterAll(async () => await slapd.stop())

const change = async (sql: string) => {
  const database = connectDatabase(site.databaseUrl)
  await database.execute(sql)
  await database.close()
}

test('a whole installation is told to be whole, with what there is of it and one sign-in', async () => {
  const ended = await idaas(['verify', '--sign-in', 'alice'], {
    IDAAS_CONFIG: site.folder,
    IDAAS_SIGN_IN_PASSWORD: 'pw-alice',
  })
  expect(ended).toMatchObject({ code: 0, stderr: '' })
  expect(ended.stdout).toContain('ok    acme: the names of 1 person in the audit can be read')
  expect(ended.stdout).toContain('ok    acme: 2 signing keys open')
  expect(ended.stdout).toContain('ok    acme: the sign-in works (signed-in)')
  expect(ended.stdout).toMatch(/acme {2}signing_keys {2}2\n/)
  expect(ended.stdout).toMatch(/everything is there\n$/)
})

test('a wrong password is a fault; one on the command line is not a way', async () => {
  const env = { IDAAS_CONFIG: site.folder }
  const wrong = await idaas(['verify', '--sign-in', 'alice'], { ...env, IDAAS_SIGN_IN_PASSWORD: 'no' })
  expect([wrong.code, wrong.stdout]).toEqual([
    2,
    expect.stringContaining('FAULT acme: the sign-in does not work (refused)'),
  ])
  expect(await idaas(['verify', '--sign-in', 'alice'], env)).toMatchObject({
    code: 1,
    stderr: '--sign-in alice: put the password into IDAAS_SIGN_IN_PASSWORD\n',
  })
})

test('other keys than those of the backup are named, as everything that they leave closed', async () => {
  const other = await makeInstallation(slapd, {
    database: site.databaseUrl,
    keys: [randomBytes(32).toString('hex')],
  })
  const { code, stdout } = await other.run('verify')
  expect(code).toBe(2)
  expect(stdout).toMatch(
    /FAULT 2 values of signing_keys.sealed_jwk cannot be opened: the key [\da-f]{8} is not in the configuration/,
  )
  expect(stdout).toMatch(/FAULT acme: a signing key does not open/)
  expect(stdout).toMatch(/FAULT acme: the names of 1 person in the audit cannot be read/)
  expect(stdout).toMatch(/FAULT acme: the audit is not whole: the head is not ours/)
})

test('the old key behind a new one opens everything', async () => {
  const keys = [randomBytes(32).toString('hex'), ...site.keys]
  const rotated = await makeInstallation(slapd, { database: site.databaseUrl, keys })
  expect(await rotated.run('verify')).toMatchObject({ code: 0 })
})

describe('against what was noted', () => {
  test('a backup from before is found out, with the rows that are missing', async () => {
    await site.run('maintenance', 'on')
    const noted = join(site.folder, 'noted.json.txt')
    const { stdout } = await site.run('verify', '--json')
    await writeFile(noted, stdout)
    expect(await site.run('verify', '--against', noted)).toMatchObject({ code: 0 })

    const { seq } = JSON.parse(stdout).heads.acme
    await writeFile(
      noted,
      stdout.replace(`"seq": ${seq}`, `"seq": ${seq + 1}`).replace('"maintenance": 1', '"maintenance": 3'),
    )
    const older = await site.run('verify', '--against', noted)
    expect(older.code).toBe(2)
    expect(older.stdout).toContain(`event ${seq + 1} was noted outside and is missing`)
    expect(older.stdout).toContain('acme  maintenance  1  (3)')
  })

  test('a file that is none is refused', async () => {
    expect(await site.run('verify', '--against', '/etc/hostname')).toMatchObject({
      code: 1,
      stderr: '--against /etc/hostname: not a file that `idaas verify --json` has written\n',
    })
  })
})

test('a changed event and a queue that is not there are found', async () => {
  await change(
    `update audit_events set entry = replace(entry::text, '"done"', '"refused"')::json where seq = 1`,
  )
  await change('drop schema pgboss cascade')
  const { code, stdout } = await site.run('verify')
  expect(code).toBe(2)
  expect(stdout).toMatch(/FAULT acme: the audit is not whole: /)
  expect(stdout).toMatch(/FAULT the queue of jobs is missing/)
})

test('an empty database is said to lack its migrations, in French too', async () => {
  const empty = await makeInstallation(slapd)
  const ended = await idaas(['verify'], { IDAAS_CONFIG: empty.folder, LANG: 'fr_FR.UTF-8' })
  expect([ended.code, ended.stdout]).toEqual([
    2,
    expect.stringContaining('il manque des migrations à la base'),
  ])
})
