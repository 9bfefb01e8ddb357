import { first, text } from '../../ldap/entry.ts'
import { LdapError } from '../../ldap/result.ts'
import { kindOf } from '../detect-kind.ts'
import type { Finding } from './finding.ts'
import type { Check, Probe } from './probe.ts'

/** The oldest that is tested. */
const oldest = { openldap: [2, 5], ds389: [2, 3] } as const
/** Functional level of Windows Server 2008 R2 (MS-ADTS, 6.1.4.2). */
const OLDEST_LEVEL = 4

/** Whether the server is what the configuration says, and not older than what is supported. */
export const product: Check = {
  name: 'product',
  async run(probe) {
    const { configuredKind, rootDse, report } = probe
    const found = kindOf(rootDse)
    const findings: Finding[] = []
    if (configuredKind === undefined) findings.push(report('kind-not-set', { found }, `kind: ${found}`))
    else if (configuredKind !== found)
      findings.push(report('kind-differs', { configured: configuredKind, found }, `kind: ${found}`))
    return [...findings, ...(await versionFindings(probe, found))]
  },
}

async function versionFindings(probe: Probe, kind: ReturnType<typeof kindOf>): Promise<Finding[]> {
  const { rootDse, report } = probe
  if (kind === 'active-directory') {
    const level = first(rootDse, 'domainControllerFunctionality')
    if (level === undefined || Number(level) >= OLDEST_LEVEL) return []
    return [
      report('version-unsupported', {
        version: `domainControllerFunctionality ${level}`,
        oldest: 'Windows Server 2008 R2',
      }),
    ]
  }
  const said = kind === 'ds389' ? first(rootDse, 'vendorVersion') : await slapdVersion(probe)
  const [, major, minor] = /(?:slapd |389-Directory\/)(\d+)\.(\d+)/.exec(said ?? '') ?? []
  if (said === undefined || major === undefined || minor === undefined) return []
  const [wanted, wantedMinor] = oldest[kind]
  const isOld = Number(major) < wanted || (Number(major) === wanted && Number(minor) < wantedMinor)
  return isOld ? [report('version-unsupported', { version: said, oldest: `${wanted}.${wantedMinor}` })] : []
}

/** cn=Monitor says it. Where that is hidden, an attribute that slapd has had since 2.5 does. */
async function slapdVersion({ connection, schema }: Probe): Promise<string | undefined> {
  const monitored = await slapdMonitorInfo(connection)
  if (monitored !== undefined) return monitored
  if (schema === undefined || schema.attributeType('pwdLastSuccess') !== undefined) return undefined
  return schema.attributeType('entryCSN') === undefined ? undefined : 'slapd 2.4'
}

async function slapdMonitorInfo(connection: Probe['connection']): Promise<string | undefined> {
  try {
    const monitor = await connection.read('cn=Monitor', { attributes: ['monitoredInfo'] })
    return monitor && text(monitor, 'monitoredInfo')[0]
  } catch (error) {
    if (error instanceof LdapError) return undefined
    throw error
  }
}
