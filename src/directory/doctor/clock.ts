import { first } from '../../ldap/entry.ts'
import { parseGeneralizedTime } from '../../ldap/generalized-time.ts'
import { LdapError } from '../../ldap/result.ts'
import { onSlapd, addition } from './fix.ts'
import type { Check, Probe } from './probe.ts'

/** Seconds. Dates are compared by the server and by us: they may be apart by what nobody notices. */
const TOLERATED = 60

/** Where a server says what time it has. */
const places = {
  openldap: { dn: 'cn=Current,cn=Time,cn=Monitor', attribute: 'monitorTimestamp' },
  ds389: { dn: 'cn=monitor', attribute: 'currenttime' },
  'active-directory': { dn: '', attribute: 'currentTime' },
} as const

/** Whether the server's clock and ours agree. */
export const clock: Check = {
  name: 'clock',
  async run(probe) {
    const time = await serverTime(probe)
    if (time === undefined) return [probe.report('clock-unseen', {}, showFix(probe))]
    const seconds = Math.round((time.getTime() - probe.clock().getTime()) / 1_000)
    return Math.abs(seconds) < TOLERATED
      ? []
      : [
          probe.report(
            'clock-differs',
            { seconds: Math.abs(seconds), ahead: seconds > 0 ? 'server' : 'us' },
            'chronyc tracking',
          ),
        ]
  },
}

async function serverTime({ connection, settings }: Probe): Promise<Date | undefined> {
  const { dn, attribute } = places[settings.kind]
  try {
    const entry = await connection.read(dn, { attributes: [attribute] })
    const said = entry && first(entry, attribute)
    return (said === undefined ? null : parseGeneralizedTime(said)) ?? undefined
  } catch (error) {
    if (error instanceof LdapError) return undefined
    throw error
  }
}

function showFix({ settings, account }: Probe): string | undefined {
  if (settings.kind !== 'openldap') return undefined
  const monitor = addition('olcDatabase=monitor,cn=config', {
    objectClass: 'olcDatabaseConfig',
    olcDatabase: 'monitor',
    olcAccess: `{0}to dn.subtree="cn=Monitor" by dn.exact="${account}" read by * none`,
  })
  return onSlapd(monitor)
}
