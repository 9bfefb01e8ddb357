import { isWithin } from '../../ldap/dn.ts'
import { first, text, type Entry } from '../../ldap/entry.ts'
import { filter } from '../../ldap/filter.ts'
import { LdapError } from '../../ldap/result.ts'
import type { Probe } from './probe.ts'
import { onSlapd } from './fix.ts'

/** Where the settings of the database that holds `base` are. Exact when slapd shows its settings or cn=Monitor, else as Debian names it. */
export type SlapdPlace = { readonly dn: string; readonly suffix: string; readonly isCertain: boolean }

/** The suffix of the database that holds `base`. */
export function suffixOf(rootDse: Entry, base: string): string {
  return text(rootDse, 'namingContexts').find((one) => isWithin(base, one)) ?? base
}

export async function slapdPlace({ connection, config, rootDse }: Probe, base: string): Promise<SlapdPlace> {
  const suffix = suffixOf(rootDse, base)
  if (config !== undefined) return { dn: config.database.entry.dn, suffix, isCertain: true }
  const monitored = await monitoredDatabase(connection, suffix)
  const dn = `olcDatabase=${monitored ?? '{1}mdb'},cn=config`
  return { dn, suffix, isCertain: monitored !== undefined }
}

/** cn=Monitor counts databases as cn=config does. */
async function monitoredDatabase(
  connection: Probe['connection'],
  suffix: string,
): Promise<string | undefined> {
  const base = 'cn=Databases,cn=Monitor'
  const attributes = ['monitoredInfo', 'namingContexts', 'cn']
  try {
    const { entries } = await connection.searchAll({
      base,
      scope: 'one',
      filter: filter`(namingContexts=${suffix})`,
      attributes,
    })
    const [entry] = entries
    const number = /^Database (\d+)$/.exec((entry && first(entry, 'cn')) ?? '')?.[1]
    const kind = entry && first(entry, 'monitoredInfo')
    return number === undefined || kind === undefined ? undefined : `{${number}}${kind}`
  } catch (error) {
    if (error instanceof LdapError) return undefined
    throw error
  }
}

/** The command, with how to find the database's number above it where that was guessed. */
export function onDatabase({ suffix, isCertain }: SlapdPlace, ...records: readonly string[]): string {
  const command = onSlapd(...records)
  if (isCertain) return command
  return `# which database: ldapsearch -Q -Y EXTERNAL -H ldapi:/// -LLL -b cn=config '(olcSuffix=${suffix})' dn\n${command}`
}
