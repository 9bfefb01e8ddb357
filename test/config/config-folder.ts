import { mkdtemp, mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { ConfigError, type ConfigFault, formatPath } from '../../src/config/config-fault.ts'
import { loadConfig, type LoadedConfig } from '../../src/config/load.ts'
import type { Renamed } from '../../src/config/renamed.ts'

/** A configuration without faults, in one file. */
export const sound = `version: 1
database: postgres://idaas@db.example.org/idaas
keys: ["\${env:KEY}"]
tenants:
  - name: acme
    issuer: https://id.acme.example
    displayName: Acme
    directories:
      - name: main
        urls: [ldaps://ldap.acme.example]
        bind: { dn: "cn=idaas,dc=acme,dc=example", password: "\${env:LDAP_PASSWORD}" }
    uses:
      signIn: [{ directory: main, base: "ou=people,dc=acme,dc=example" }]
`

export const environment = {
  KEY: 'q83vEjRWeJDerb7v_3sYyc4BHR6wYPWqTn6SmwlzKko',
  LDAP_PASSWORD: 'service-password',
}

/** A new folder with these files, by their paths in it. */
export async function folderOf(files: Record<string, string | Buffer>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'idaas-config-'))
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), content)
  }
  return folder
}

type Given = { env?: Record<string, string>; renamed?: readonly Renamed[] }

export async function load(files: Record<string, string | Buffer>, given: Given = {}): Promise<LoadedConfig> {
  const folder = await folderOf(files)
  return loadConfig({ ...environment, ...given.env, IDAAS_CONFIG: folder }, given.renamed)
}

/** The faults of one file or several, each as `path: found; expected`, with the message an operator sees. */
export async function faultsOf(
  files: string | Record<string, string | Buffer>,
  given: Given = {},
): Promise<Faults> {
  try {
    await load(typeof files === 'string' ? { 'idaas.yaml': files } : files, given)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return { message: error.message, faults: error.faults, lines: error.faults.map(oneLine) }
  }
  return { message: '', faults: [], lines: [] }
}

type Faults = { message: string; faults: readonly ConfigFault[]; lines: readonly string[] }

function oneLine({ path, found, expected }: ConfigFault): string {
  return `${formatPath(path)}: ${found}; ${expected}`
}
