import { first } from '../../ldap/entry.ts'
import { filter } from '../../ldap/filter.ts'
import { LdapError } from '../../ldap/result.ts'
import type { Probe } from './probe.ts'

export type DatabasePages = { readonly used: number; readonly most: number }

/**
 * How far the map of a slapd's database has grown, as cn=Monitor tells; undefined where that is not shown. slapd refuses writes when it is full. Pages that
 * were freed do not count as room: slapd was seen to refuse while it had some.
 */
export async function databasePages(
  connection: Probe['connection'],
  suffix: string,
): Promise<DatabasePages | undefined> {
  const attributes = ['olmMDBPagesUsed', 'olmMDBPagesMax']
  try {
    const { entries } = await connection.searchAll({
      base: 'cn=Databases,cn=Monitor',
      scope: 'one',
      filter: filter`(namingContexts=${suffix})`,
      attributes,
    })
    const [entry] = entries
    const [used, most] = attributes.map((name) => Number((entry && first(entry, name)) ?? Number.NaN))
    if (used === undefined || most === undefined || !(used / most >= 0)) return undefined
    return { used, most }
  } catch (error) {
    if (error instanceof LdapError) return undefined
    throw error
  }
}
