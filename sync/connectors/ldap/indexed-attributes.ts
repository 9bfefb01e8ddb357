import { readSlapdConfig, indexesOf } from '../../../src/directory/doctor/slapd-config.ts'
import { first } from '../../../src/ldap/entry.ts'
import { filter } from '../../../src/ldap/filter.ts'
import { LdapError } from '../../../src/ldap/result.ts'
import type { LdapSide } from './ldap-side.ts'
import { namingContextOf } from './server-facts.ts'

/** [MS-ADTS] 2.2.9: fATTINDEX. */
const AD_INDEXED = 1

/** Whether a search for a value of the attribute is answered from an index; undefined when the account may not see that. */
export async function isIndexed(side: LdapSide, attribute: string): Promise<boolean | undefined> {
  try {
    switch (side.product.kind) {
      case 'openldap': {
        const config = await readSlapdConfig(side.pool, 'cn=config', side.base)
        return config && indexesOf(config.database, side.schema)(attribute, 'eq')
      }
      case 'active-directory':
        return await isIndexedInActiveDirectory(side, attribute)
      case 'ds389':
        return await isIndexedInDs389(side, attribute)
    }
  } catch (error) {
    if (error instanceof LdapError) return undefined
    throw error
  }
}

async function isIndexedInActiveDirectory(
  { pool, server, base }: LdapSide,
  attribute: string,
): Promise<boolean | undefined> {
  const schema = server.namingContexts.find((context) => /^cn=schema,/i.test(context))
  const { entries } = await pool.searchAll({
    base: schema ?? `CN=Schema,CN=Configuration,${namingContextOf(server, base)}`,
    filter: filter`(&(objectClass=attributeSchema)(lDAPDisplayName=${attribute}))`,
    attributes: ['searchFlags'],
  })
  const [entry] = entries
  return entry && (Number(first(entry, 'searchFlags') ?? 0) & AD_INDEXED) !== 0
}

/** Each database has its indexes below it; which of them holds the base does not matter where any has one. */
async function isIndexedInDs389({ pool }: LdapSide, attribute: string): Promise<boolean | undefined> {
  const { entries } = await pool.searchAll({
    base: 'cn=ldbm database,cn=plugins,cn=config',
    filter: filter`(objectClass=nsIndex)`,
    attributes: ['cn', 'nsIndexType'],
  })
  if (entries.length === 0) return undefined
  return entries.some((entry) => first(entry, 'cn')?.toLowerCase() === attribute.toLowerCase())
}
