import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/store/embedded-postgres.ts'
import { makeInstallation, robotToken, type Installation } from '../commands/installation.ts'
import { idaas, type Ended } from '../main/program.ts'
import { signedIn } from '../plugins/self-service/self-service-site.ts'
import type { ServerProcess } from '../support/server-process.ts'
import { startSlapd, type Slapd } from '../support/slapd.ts'
import { baseBackup } from './base-backup.ts'
import { startLoad } from './steady-load.ts'

let slapd: Slapd
let postgres: EmbeddedPostgres
let restored: Installation
let server: ServerProcess
let noted: string
let keysBefore: unknown
let acts = 0
let failures: readonly string[]
const keys = [randomBytes(32).toString('hex')]

const keysOf = async ({ issuer }: Installation): Promise<unknown> =>
  (await fetch(`${issuer}/oauth2/jwks`)).json()

/** An installation is used, backed up while it goes on being used, and lost; what was backed up is started in an empty one. */
beforeAll(async () => {
  slapd = await startSlapd()
  const [dataDir, copyDir] = await Promise.all([
    mkdtemp(join(tmpdir(), 'pg-')),
    mkdtemp(join(tmpdir(), 'pg-')),
  ])
  // What a server needs that is backed up while it works; the demo's own is not.
  const lost = await startEmbeddedPostgres(dataDir, { settings: ['wal_level=replica'] })
  const site = await makeInstallation(slapd, { database: lost.url, keys })
  await site.run('migrate')
  server = await site.serve()
  await signedIn(site, 'alice')
  keysBefore = await keysOf(site)
  noted = join(site.folder, 'noted.txt')
  await writeFile(noted, (await site.run('verify', '--json')).stdout)

  const token = await robotToken(site.issuer)
  const headers = {
    host: new URL(site.issuer).host,
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
  }
  const load = startLoad(site.port, 4, (connection, count) => ({
    method: 'POST',
    path: `/api/v1/accounts/u0000${connection + 10}/${count % 2 === 0 ? 'lock' : 'unlock'}`,
    headers,
    body: '{"reason":"while it is backed up"}',
    expects: 200,
  }))
  await baseBackup(lost.url, dataDir, copyDir, () => (acts = load.sent()))
  await load.end()
  failures = load.failures
  await server.end('SIGTERM')
  await lost.stop()
  await rm(dataDir, { recursive: true })

  postgres = await startEmbeddedPostgres(copyDir)
  restored = await makeInstallation(slapd, { database: postgres.url, keys })
  server = await restored.serve()
})
afterAll(async () => {
  await server.end('SIGTERM')
  await postgres.stop()
  await slapd.stop()
})

const verify = (): Promise<Ended> =>
  idaas(['verify', '--against', noted, '--sign-in', 'alice', '--json'], {
    IDAAS_CONFIG: restored.folder,
    IDAAS_SIGN_IN_PASSWORD: 'pw-alice',
  })

test('it is whole: everything from before the backup is there, the keys open it, the audit verifies', async () => {
  const { code, stdout, stderr } = await verify()
  expect([code, stderr]).toEqual([0, ''])
  const { ok, proofs, heads, counts } = JSON.parse(stdout)
  expect(ok).toBe(true)
  expect(proofs.map((one: { check: string; ok: boolean }) => [one.check, one.ok])).toEqual(
    ['schema', 'jobs', 'seals', 'audit', 'people', 'signing-keys', 'sign-in'].map((check) => [check, true]),
  )
  expect(counts.acme.signing_keys).toBe(2)
  expect(failures).toEqual([])
  // Two events for each act that was answered before the copying ended.
  expect(acts).toBeGreaterThan(10)
  expect(heads.acme.seq).toBeGreaterThanOrEqual(2 * acts)
})

test('people sign in, and applications meet the signing keys that they know', async () => {
  await signedIn(restored, 'alice')
  expect(await keysOf(restored)).toEqual(keysBefore)
  expect(await robotToken(restored.issuer)).not.toBe('')
})

test('without the secret keys, which are kept apart from it, the same backup is told to be of no use', async () => {
  const other = await makeInstallation(slapd, { database: postgres.url })
  const { code, stdout } = await other.run('verify')
  expect([code, stdout]).toEqual([2, expect.stringMatching(/FAULT acme: a signing key does not open/)])
})
