import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type Connection } from '../../src/ldap/connection.ts'
import { text } from '../../src/ldap/entry.ts'
import type { PoolOptions } from '../../src/ldap/pool.ts'
import { type Slapd, startSlapd } from '../support/slapd.ts'

/** A slapd with nothing but an empty branch for people. */
export type PeopleDirectory = {
  readonly slapd: Slapd
  readonly base: string
  readonly pool: PoolOptions
  readonly root: Connection
  put(uid: string, attributes: Record<string, string[]>): Promise<void>
  /** Everybody's attributes, by uid. */
  people(): Promise<Record<string, Record<string, string[]>>>
  clear(): Promise<void>
  stop(): Promise<void>
}

const suffix = 'dc=example,dc=org'
const base = `ou=people,${suffix}`
const seed = `dn: ${suffix}
objectClass: dcObject
objectClass: organization
dc: example
o: Example

dn: ${base}
objectClass: organizationalUnit
ou: people
`

/** `more`: entries beside it, as LDIF. */
export async function startPeopleDirectory(more = ''): Promise<PeopleDirectory> {
  const ldif = join(tmpdir(), `people-${process.pid}-${Math.random()}.ldif`)
  await writeFile(ldif, `${seed}\n${more}`)
  const slapd = await startSlapd({ seed: { ldif }, overlays: [] })
  const bind = { dn: slapd.rootDn, password: slapd.rootPassword }
  const root = await connect({ url: slapd.url, bind })
  return {
    slapd,
    base,
    pool: { urls: [slapd.url], connect: { bind } },
    root,
    async put(uid, attributes) {
      const needed = { objectClass: ['inetOrgPerson'], uid: [uid], cn: [uid], sn: [uid] }
      await root.add(`uid=${uid},${base}`, { ...needed, ...attributes })
    },
    async people() {
      const { entries } = await root.searchAll({ base, scope: 'one' })
      return Object.fromEntries(
        entries.map((entry) => [
          text(entry, 'uid').join(),
          Object.fromEntries(
            [...entry.attributes.keys()].map((name) => [name, text(entry, name).toSorted()]),
          ),
        ]),
      )
    },
    async clear() {
      const { entries } = await root.searchAll({ base, scope: 'one', attributes: ['1.1'] })
      for (const { dn } of entries) await root.delete(dn)
    },
    async stop() {
      root.unbind()
      await slapd.stop()
    },
  }
}
