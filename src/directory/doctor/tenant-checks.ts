import type { TenantConfig } from '../../config/tenant-schema.ts'
import { isWithin } from '../../ldap/dn.ts'
import type { Finding } from './finding.ts'
import type { Probe } from './probe.ts'
import { isThere } from './used-bases.ts'

/** Whether the groups that give roles are there, where groups are looked for. */
export async function roleGroups(config: TenantConfig, probes: readonly Probe[]): Promise<Finding[]> {
  const named = config.roles.flatMap(({ name, groups }) => groups.map((dn) => ({ role: name, dn })))
  return (await Promise.all(named.map((one) => roleGroup(config, probes, one)))).flat()
}

async function roleGroup(
  config: TenantConfig,
  probes: readonly Probe[],
  { role, dn }: { role: string; dn: string },
): Promise<Finding[]> {
  const bases = config.uses.groups.filter(({ base }) => isWithin(dn, base))
  const looking = probes.filter(({ settings }) => bases.some(({ directory }) => directory === settings.name))
  const [first] = looking
  if (bases.length === 0)
    return probes.slice(0, 1).map(({ report }) => report('role-group-outside', { role, dn }))
  // Of a directory that cannot be asked, its own findings tell.
  if (first === undefined || looking.length < new Set(bases.map(({ directory }) => directory)).size) return []
  const found = await Promise.all(looking.map(({ connection }) => isThere(connection, dn)))
  return found.includes(true) ? [] : [first.report('role-group-missing', { role, dn })]
}

/** Whether the branches are there in which other directories hold the passwords of this one's people. */
export async function counterparts(probes: readonly Probe[]): Promise<Finding[]> {
  const refs = probes.flatMap((probe) => {
    const { passThrough, alsoIn } = probe.settings.passwords
    return [...passThrough, ...alsoIn].map(({ directory, base }) => ({ probe, directory, base }))
  })
  const findings = refs.map(async ({ probe, directory, base }) => {
    const other = probes.find(({ settings }) => settings.name === directory)
    const isSound = other !== undefined && (await isThere(other.connection, base))
    return isSound ? [] : [probe.report('counterpart-missing', { base, other: directory })]
  })
  return (await Promise.all(findings)).flat()
}
