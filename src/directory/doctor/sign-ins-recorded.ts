import { first } from '../../ldap/entry.ts'
import { filter, type Filter } from '../../ldap/filter.ts'
import { LdapError } from '../../ldap/result.ts'
import { asAdministrator, replacement } from './fix.ts'
import type { Check, Probe } from './probe.ts'
import { overlayOf } from './slapd-config.ts'
import { onDatabase, slapdPlace } from './slapd-place.ts'
import { isThere } from './used-bases.ts'

const isRecorded: Readonly<Record<Probe['settings']['kind'], Filter>> = {
  openldap: filter`(|(pwdLastSuccess=*)(authTimestamp=*))`,
  ds389: filter`(lastLoginTime=*)`,
  'active-directory': filter`(lastLogonTimestamp=*)`,
}

/** Whether the server notes when people signed in: else nobody is unused, and nobody has never come. */
export const signInsRecorded: Check = {
  name: 'sign-ins-recorded',
  async run(probe) {
    const { settings, report } = probe
    // Active Directory always does.
    if (settings.kind === 'active-directory' || (await isOn(probe))) return []
    return [report('sign-ins-unrecorded', {}, await turnOn(probe))]
  },
}

async function isOn(probe: Probe): Promise<boolean> {
  const { config, connection, account } = probe
  if (config !== undefined)
    return (
      first(config.database.entry, 'olcLastBind') === 'TRUE' || overlayOf(config, 'lastbind') !== undefined
    )
  // The service account itself has just signed in; of one that is no entry nothing follows.
  if (!(await isThere(connection, account))) return true
  const places = [...new Set(probe.bases.filter(({ use }) => use === 'signIn').map(({ base }) => base))]
  const seen = await Promise.all([account, ...places].map((base) => isSeenBelow(probe, base)))
  return seen.includes(true)
}

async function isSeenBelow({ connection, settings }: Probe, base: string): Promise<boolean> {
  try {
    const query = { base, filter: isRecorded[settings.kind], attributes: ['1.1'], sizeLimit: 1 }
    return (await connection.searchAll(query)).entries.length > 0
  } catch (error) {
    if (error instanceof LdapError) return false
    throw error
  }
}

async function turnOn(probe: Probe): Promise<string> {
  if (probe.settings.kind === 'ds389') {
    const plugin = 'cn=Account Policy Plugin,cn=plugins,cn=config'
    return asAdministrator(
      probe.url,
      'cn=Directory Manager',
      replacement(plugin, { 'nsslapd-pluginEnabled': 'on' }),
      replacement(`cn=config,${plugin}`, { alwaysrecordlogin: 'yes', stateattrname: 'lastLoginTime' }),
    )
  }
  const place = await slapdPlace(probe, probe.bases[0]?.base ?? '')
  return onDatabase(place, replacement(place.dn, { olcLastBind: 'TRUE' }))
}
