import { randomBytes } from 'node:crypto'
import { openTenants } from '../../src/commands/open-tenants.ts'
import { loadConfig } from '../../src/config/load.ts'
import { createAudit } from '../../src/audit/create-audit.ts'
import { connectDatabase } from '../../src/store/postgres.ts'
import { createSealer } from '../../src/store/seal.ts'
import { closeTenant } from '../../src/tenants/open-tenant.ts'
import { createSyncEngine, type SyncEngine } from '../../sync/run/create-engine.ts'
import type { Slapd } from '../support/slapd.ts'

/** A configuration (JSON is YAML) with one tenant, whose directory is `slapd`, and these connections and tasks. */
export function installationOf(
  database: string,
  slapd: Slapd,
  sync: { readonly connections: readonly object[]; readonly tasks: readonly object[] },
): string {
  const people = { directory: 'main', base: slapd.suffix }
  const directory = {
    name: 'main',
    kind: 'openldap',
    urls: [slapd.url],
    bind: { dn: slapd.rootDn, password: slapd.rootPassword },
  }
  const tenant = {
    name: 'acme',
    issuer: 'http://localhost:8080',
    displayName: 'ACME',
    directories: [directory],
    uses: { signIn: [people], whitePages: [people], desk: [people], groups: [people] },
    sync,
  }
  const keys = [randomBytes(32).toString('hex')]
  return JSON.stringify({ version: 1, database, keys, server: { logLevel: 'silent' }, tenants: [tenant] })
}

/** What a script says in a configuration, where `${` would name a value from elsewhere. */
export function configured(script: string): string {
  return script.replaceAll('${', () => '$${')
}

/** Where `copiesTask` has its copies. */
export const copiesBase = ({ suffix }: Pick<Slapd, 'suffix'>): string => `ou=copies,${suffix}`

/** A task that copies the people of the directory to a branch beside them. */
export function copiesTask(slapd: Slapd) {
  const filter = '(objectClass=inetOrgPerson)'
  return {
    name: 'copies',
    source: { directory: 'main', base: `ou=people,${slapd.suffix}`, filter },
    destination: { directory: 'main', base: copiesBase(slapd), filter },
    pivots: ['uid'],
    entryName: configured(`dn\`uid=\${source.uid},${copiesBase(slapd)}\``),
    attributes: { objectClass: { policy: 'keep', create: "'inetOrgPerson'" }, uid: {}, cn: {}, sn: {} },
  }
}

export type Installation = { readonly engine: SyncEngine; close(): Promise<void> }

/** The engine of a configuration, as `idaas sync` opens it. */
export async function openInstallation(path: string): Promise<Installation> {
  const { config } = await loadConfig({ IDAAS_CONFIG: path })
  const tenants = await openTenants(config, { sendsMail: false })
  const database = connectDatabase(config.database)
  const clock = (): Date => new Date()
  return {
    engine: createSyncEngine({
      database,
      audit: createAudit({ database, sealer: createSealer(config.keys) }),
      jobs: { async send() {} },
      sealer: createSealer(config.keys),
      tenants,
      clock,
    }),
    async close() {
      await Promise.all(tenants.map(closeTenant))
      await database.close()
    },
  }
}
