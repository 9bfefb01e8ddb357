import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type Connection } from '../../../src/ldap/connection.ts'
import { first, text } from '../../../src/ldap/entry.ts'
import { migrate } from '../../../src/store/migrate.ts'
import { type Slapd, startSlapd } from '../../support/slapd.ts'
import { configured, installationOf, openInstallation, type Installation } from '../installation.ts'
import { baseOf, ldifOf } from './people.ts'

/** A directory whose people two tasks, `first` and `second`, bring in step with one source each; it keeps count of every write. */
export type KillSite = {
  readonly config: string
  readonly engine: Installation['engine']
  /** The people by uid, with their attributes. */
  people(): Promise<ReadonlyMap<string, Record<string, readonly string[]>>>
  /** Writes that the server did, as `modify uid=...`, in its order. */
  writes(): Promise<readonly string[]>
  /** How many writes it has done. */
  writeCount(): Promise<number>
  stop(): Promise<void>
}

/** `database`: the URL of an empty one. */
export async function startKillSite(count: number, database: string): Promise<KillSite> {
  const folder = await mkdtemp(join(tmpdir(), 'sync-killed-'))
  const ldif = join(folder, 'seed.ldif')
  await writeFile(ldif, ldifOf(count))
  const slapd = await startSlapd({ seed: { ldif }, overlays: ['accesslog'] })
  await migrate(database)
  const config = join(folder, 'idaas.yaml')
  await writeFile(config, configOf(slapd, database))
  const { engine, close } = await openInstallation(config)
  const open = (dn: string, password: string): Promise<Connection> =>
    connect({ url: slapd.url, bind: { dn, password } })
  const root = await open(slapd.rootDn, slapd.rootPassword)
  const app = await open(slapd.appDn, slapd.appPassword)
  return {
    config,
    engine,
    people: () => readPeople(root),
    writes: () => readWrites(app),
    writeCount: () => countWrites(root),
    async stop() {
      root.unbind()
      app.unbind()
      await close()
      await slapd.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function configOf(slapd: Slapd, database: string): string {
  const side = { directory: 'main', filter: '(objectClass=inetOrgPerson)' }
  const copied = ['objectClass', 'uid', 'cn', 'sn', 'employeeNumber', 'mail', 'title']
  const task = (name: 'first' | 'second'): object => ({
    name,
    source: { ...side, base: baseOf(name) },
    destination: { ...side, base: baseOf('before') },
    pivots: ['employeeNumber'],
    entryName: configured(`dn\`uid=\${source.uid},${baseOf('before')}\``),
    attributes: Object.fromEntries(copied.map((attribute) => [attribute, {}])),
    clean: { action: 'delete' },
    guards: { deleteShare: 1 },
  })
  return installationOf(database, slapd, { connections: [], tasks: [task('first'), task('second')] })
}

async function readPeople(root: Connection): ReturnType<KillSite['people']> {
  const { entries } = await root.searchAll({ base: baseOf('before'), scope: 'one', paged: 2_000 })
  return new Map(
    entries.map((entry) => [
      first(entry, 'uid') ?? entry.dn,
      Object.fromEntries(
        [...entry.attributes.values()].map(({ name }) => [name, text(entry, name).toSorted()]),
      ),
    ]),
  )
}

async function readWrites(app: Connection): ReturnType<KillSite['writes']> {
  const attributes = ['reqType', 'reqDN']
  const search = { base: 'cn=accesslog', scope: 'one', attributes, paged: 2_000 } as const
  const { entries } = await app.searchAll(search)
  return entries.map((entry) => `${first(entry, 'reqType')} ${first(entry, 'reqDN')}`)
}

async function countWrites(root: Connection): Promise<number> {
  const counts = ['Add', 'Modify', 'Modrdn', 'Delete'].map(async (operation) => {
    const entry = await root.read(`cn=${operation},cn=Operations,cn=Monitor`, {
      attributes: ['monitorOpCompleted'],
    })
    return Number(entry && first(entry, 'monitorOpCompleted'))
  })
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0)
}
