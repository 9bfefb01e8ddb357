import { randomBytes } from 'node:crypto'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { idaas } from '../main/program.ts'
import { testDatabase } from '../support/postgres.ts'
import { testTenantConfig } from '../support/tenant.ts'

/** Nobody answers there: migrations need no directory. */
const directory = {
  url: 'ldap://127.0.0.1:1',
  suffix: 'dc=acme,dc=example',
  appDn: 'cn=idaas,dc=acme,dc=example',
  appPassword: 'never asked for',
}

test('of the init containers of many pods one migrates, the others wait, and all end well', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'migrate-'))
  const config = {
    version: 1,
    database: (await testDatabase()).url,
    keys: [randomBytes(32).toString('hex')],
    tenants: [testTenantConfig(directory, { roles: [] })],
  }
  await writeFile(join(folder, 'idaas.yaml'), JSON.stringify(config))
  const pods = await Promise.all(
    Array.from({ length: 4 }, () => idaas(['migrate'], { IDAAS_CONFIG: folder })),
  )
  expect(pods.map(({ code, stderr }) => [code, stderr])).toEqual(pods.map(() => [0, '']))
  const migrators = pods.filter(({ stdout }) => stdout.includes('ran 0001_'))
  expect(migrators).toHaveLength(1)
  const told = pods.filter(({ stdout }) => stdout.endsWith('the database is at this version already\n'))
  expect(told).toHaveLength(3)
})
