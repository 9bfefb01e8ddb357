import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/store/embedded-postgres.ts'
import { migrate } from '../../src/store/migrate.ts'
import { type Slapd, startSlapd } from '../support/slapd.ts'
import { configured, installationOf } from '../sync/installation.ts'
import {
  peopleBase,
  peopleFilter,
  type PersonEntry,
  personEntries,
  suffix,
  writeDirectoryLdif,
  writePeopleLdif,
} from './sync-people.ts'

/** What a measurement of the synchronization stands on: a source, PostgreSQL, LDIFs; a destination of its own for each measurement that fills one. */
export type SyncSite = {
  readonly people: readonly PersonEntry[]
  readonly source: Slapd
  /** For ldapadd. */
  readonly ldif: string
  /** A slapd that has the branch and nobody in it. */
  emptyDestination(): Promise<Slapd>
  /** A configuration with the task `people` from the source to there. */
  configFor(destination: Slapd): Promise<string>
  stop(): Promise<void>
}

export async function startSyncSite(count: number): Promise<SyncSite> {
  const folder = await mkdtemp(join(tmpdir(), 'sync-bench-'))
  const postgres = await startEmbeddedPostgres(folder)
  await migrate(postgres.url)
  const people = personEntries(count)
  const paths = { source: join(folder, 'source.ldif'), empty: join(folder, 'empty.ldif') }
  const ldif = join(folder, 'people.ldif')
  await writeDirectoryLdif(paths.source, people)
  await writeDirectoryLdif(paths.empty, [])
  await writePeopleLdif(ldif, people)
  const start = (file: string): Promise<Slapd> => startSlapd({ seed: { ldif: file }, overlays: [], suffix })
  const source = await start(paths.source)
  await rm(paths.source)
  return {
    people,
    source,
    ldif,
    emptyDestination: () => start(paths.empty),
    async configFor(destination) {
      const path = join(folder, `${destination.port}.yaml`)
      await writeFile(path, configOf(source, destination, postgres))
      return path
    },
    async stop() {
      await source.stop()
      await postgres.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function configOf(source: Slapd, destination: Slapd, postgres: EmbeddedPostgres): string {
  const connection = (name: string, { url, rootDn, rootPassword }: Slapd): object => ({
    kind: 'ldap',
    name,
    urls: [url],
    bind: { dn: rootDn, password: rootPassword },
  })
  const side = { base: peopleBase, filter: peopleFilter }
  const names = ['objectClass', 'uid', 'cn', 'sn', 'givenName', 'mail', 'telephoneNumber']
  const task = {
    name: 'people',
    source: { connection: 'from', ...side },
    destination: { connection: 'to', ...side },
    pivots: ['uid'],
    entryName: configured(`dn\`uid=\${source.uid},${peopleBase}\``),
    attributes: Object.fromEntries(names.map((name) => [name, {}])),
    clean: { action: 'delete' },
  }
  const connections = [connection('from', source), connection('to', destination)]
  return installationOf(postgres.url, destination, { connections, tasks: [task] })
}
