import { isWithin } from '../../ldap/dn.ts'
import { first, text, type Entry } from '../../ldap/entry.ts'
import { filter } from '../../ldap/filter.ts'
import type { Operations } from '../../ldap/operations.ts'
import { LdapError } from '../../ldap/result.ts'
import type { Schema } from '../../ldap/schema.ts'

/** One database of a slapd, as its cn=config has it. */
export type SlapdDatabase = { readonly entry: Entry; readonly overlays: readonly Entry[] }

/** The settings of a slapd, as far as the service account may read them. */
export type SlapdConfig = { readonly database: SlapdDatabase }

/** What of cn=config tells the doctor something, and holds no secret (`olcRootPW` is there too). */
export const configAttributes = [
  'objectClass',
  'olcDatabase',
  'olcOverlay',
  'olcSuffix',
  'olcRootDN',
  'olcDbIndex',
  'olcLastBind',
  'olcPPolicyDefault',
  'olcRefintAttribute',
  'olcUniqueURI',
  'olcUniqueAttribute',
  'olcPasswordHash',
]

const isSetting = filter`(|(objectClass=olcDatabaseConfig)(objectClass=olcOverlayConfig))`

/** Undefined when cn=config, or the database that holds `base`, is not shown. Configuration that lives in slapd.conf is shown as well. */
export async function readSlapdConfig(
  connection: Operations,
  root: string,
  base: string,
): Promise<SlapdConfig | undefined> {
  try {
    const { entries } = await connection.searchAll({
      base: root,
      filter: isSetting,
      attributes: configAttributes,
    })
    const holds = (entry: Entry) => text(entry, 'olcSuffix').some((suffix) => isWithin(base, suffix))
    const entry = entries.find(holds)
    if (entry === undefined) return undefined
    const overlays = entries.filter(({ dn }) => dn !== entry.dn && isWithin(dn, entry.dn))
    return { database: { entry, overlays } }
  } catch (error) {
    if (error instanceof LdapError) return undefined
    throw error
  }
}

/** The overlay's settings; undefined when the database does not have it. */
export function overlayOf(config: SlapdConfig, name: string): Entry | undefined {
  return config.database.overlays.find(
    (overlay) => first(overlay, 'olcOverlay')?.replace(/^\{\d+\}/, '') === name,
  )
}

/** What an attribute is searched for: a value, or to be there at all. */
export type IndexType = 'eq' | 'pres'

/** Whether a database has an index. Reads `uid,mail eq,sub`; an attribute has several names, of which any may be there. */
export function indexesOf(
  { entry }: SlapdDatabase,
  schema: Schema | undefined,
): (attribute: string, type: IndexType) => boolean {
  const lowerCase = (name: string) => name.toLowerCase()
  const namesOf = (name: string) => [name, ...(schema?.attributeType(name)?.names ?? [])].map(lowerCase)
  const indexed = new Map<string, readonly string[]>()
  for (const value of text(entry, 'olcDbIndex')) {
    const [names = '', types = ''] = value.split(/\s+/)
    for (const name of names.split(',').flatMap(namesOf)) indexed.set(name, types.split(','))
  }
  return (name, type) => indexed.get(name.toLowerCase())?.includes(type) ?? false
}
