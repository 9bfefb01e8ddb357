import { call } from '../../ldap/call.ts'
import { connect, openChannel, type ConnectOptions } from '../../ldap/connection.ts'
import { LdapError } from '../../ldap/result.ts'
import { Secret } from '../../ldap/secret.ts'
import type { Finding } from './finding.ts'
import { asAdministrator, modification, onSlapd, replacement } from './fix.ts'
import type { Check, Probe } from './probe.ts'

/** What the server lets people do who prove nothing. */
export function exposure(how: Omit<ConnectOptions, 'url' | 'bind'>): Check {
  return {
    name: 'exposure',
    async run(probe) {
      const options = { ...how, url: probe.url }
      return [...(await unauthenticatedBinds(options, probe)), ...(await anonymousReads(options, probe))]
    },
  }
}

/** Binds that no server should answer with success, and what lets slapd do so (slapd.conf(5), `allow`). */
const unauthenticated = [
  { how: 'name', allowedBy: 'bind_anon_dn', isWith: { name: true, password: false } },
  { how: 'password', allowedBy: 'bind_anon_cred', isWith: { name: false, password: true } },
] as const

/**
 * Our own binds never go without a password; these are made by hand. Success means: anonymous, which careless programs take for the person. The other
 * half, a password without a name, is what they send when they have found nobody.
 */
async function unauthenticatedBinds(options: ConnectOptions, probe: Probe): Promise<Finding[]> {
  const { account, report, settings, url } = probe
  const tried = settings.kind === 'openldap' ? unauthenticated : unauthenticated.slice(0, 1)
  const findings = tried.map(async ({ how, allowedBy, isWith }) => {
    const authentication = { method: 'simple', password: new Secret(isWith.password ? 'x' : '') } as const
    const channel = await openChannel(options)
    try {
      const dn = isWith.name ? account : ''
      const { code } = await call(channel, { type: 'bind', version: 3, dn, authentication }, {})
      return code === 0
        ? [report('unauthenticated-binds', { how }, refuseFix(settings.kind, url, allowedBy))]
        : []
    } finally {
      channel.unbind()
    }
  })
  return (await Promise.all(findings)).flat()
}

function refuseFix(kind: Probe['settings']['kind'], url: string, allowedBy: string): string {
  switch (kind) {
    case 'openldap':
      return onSlapd(
        modification('cn=config', [{ operation: 'delete', attribute: 'olcAllows', values: [allowedBy] }]),
      )
    case 'ds389':
      return asAdministrator(
        url,
        'cn=Directory Manager',
        replacement('cn=config', { 'nsslapd-allow-unauthenticated-binds': 'off' }),
      )
    case 'active-directory':
      // MS-ADTS, 6.1.1.2.4.1.2: Windows Server 2019 and later.
      return "Set-ADObject -Identity \"CN=Directory Service,CN=Windows NT,CN=Services,$((Get-ADRootDSE).configurationNamingContext)\" -Add @{'msDS-Other-Settings'='DenyUnauthenticatedBind=1'}"
  }
}

async function anonymousReads(options: ConnectOptions, { bases, report }: Probe): Promise<Finding[]> {
  const used = bases.find(({ use }) => use === 'signIn')
  if (used === undefined) return []
  const connection = await connect(options)
  try {
    const { base, filter } = used
    const { entries } = await connection.searchAll({ base, filter, attributes: ['1.1'], sizeLimit: 1 })
    return entries.length > 0 ? [report('anonymous-read', { base })] : []
  } catch (error) {
    if (error instanceof LdapError) return []
    throw error
  } finally {
    connection.unbind()
  }
}
