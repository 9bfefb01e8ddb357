import type { DirectoryConfig } from '../../config/directory-schema.ts'
import type { TenantConfig } from '../../config/tenant-schema.ts'
import { clock } from './clock.ts'
import { decoy } from './decoy.ts'
import { encryptedPasswords } from './encrypted-passwords.ts'
import { everyone } from './everyone.ts'
import { exposure } from './exposure.ts'
import { bySeverity, reportOf, type Finding } from './finding.ts'
import { knownAttributes } from './known-attributes.ts'
import { connectOptions, openProbe } from './open-probe.ts'
import { policy } from './policy.ts'
import type { Check, Probe } from './probe.ts'
import { product } from './product.ts'
import { reachServers } from './reach-servers.ts'
import { replicas } from './replicas.ts'
import { rights } from './rights.ts'
import { sight } from './sight.ts'
import { signInsRecorded } from './sign-ins-recorded.ts'
import { slapdSettings } from './slapd-settings.ts'
import { storedPasswords } from './stored-passwords.ts'
import { counterparts, roleGroups } from './tenant-checks.ts'
import { usedBases } from './used-bases.ts'

/** In the order in which findings are shown. */
const checks: readonly Check[] = [
  product,
  usedBases,
  knownAttributes,
  encryptedPasswords,
  rights,
  sight,
  policy,
  signInsRecorded,
  storedPasswords,
  decoy,
  slapdSettings,
  replicas,
  clock,
]

/** Milliseconds for all checks of a directory together, behind connecting. */
const CHECKS_MS = 5_000

/**
 * The doctor: looks at the directories of a tenant as the service does, and tells what is wrong with them and how to mend it. Writes nothing. Takes
 * less than ten seconds, whatever is dead. Errors come first.
 */
export async function examine(config: TenantConfig, now: () => Date): Promise<Finding[]> {
  const opened = await Promise.all(config.directories.map((directory) => open(config, directory, now)))
  const probes = opened.flatMap(({ probe }) => probe ?? [])
  try {
    const [each, across] = await Promise.all([
      Promise.all(
        opened.map(({ config: directory, probe }) =>
          probe === undefined ? Promise.resolve([]) : runChecks(directory, probe),
        ),
      ),
      runAcross(config, probes),
    ])
    return bySeverity([...opened.flatMap(({ findings }) => findings), ...each.flat(), ...across])
  } finally {
    for (const { connection } of probes.flatMap(({ servers }) => servers)) connection.unbind()
  }
}

type Opened = { config: DirectoryConfig; findings: readonly Finding[]; probe: Probe | undefined }

async function open(tenant: TenantConfig, config: DirectoryConfig, now: () => Date): Promise<Opened> {
  const report = reportOf(config.name)
  try {
    const reached = await reachServers(config, connectOptions(config), report, now())
    const [server] = reached.servers
    if (server === undefined) return { config, findings: reached.findings, probe: undefined }
    const probe = await openProbe(tenant, config, { ...reached, now, report })
    return { config, findings: reached.findings, probe }
  } catch (error) {
    return { config, findings: [failed(report, 'connection', error)], probe: undefined }
  }
}

async function runChecks(config: DirectoryConfig, probe: Probe): Promise<Finding[]> {
  const { bind: _, ...how } = connectOptions(config)
  const all = [...checks, exposure(how)]
  return (await Promise.all(all.map((check) => run(check.name, probe, () => check.run(probe))))).flat()
}

async function runAcross(config: TenantConfig, probes: readonly Probe[]): Promise<Finding[]> {
  const [first] = probes
  if (first === undefined) return []
  let isOver = false
  const timer = setTimeout(() => (isOver = true), CHECKS_MS - 1_000)
  const across = await Promise.all([
    run('role-groups', first, () => roleGroups(config, probes)),
    run('counterparts', first, () => counterparts(probes)),
    run('everyone', first, () => everyone(probes, () => isOver)),
  ])
  clearTimeout(timer)
  return across.flat()
}

/** A check that fails, or takes too long, is a finding of its own: the others still count. */
async function run(
  name: string,
  { report }: Probe,
  check: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  const { promise: late, resolve } = Promise.withResolvers<readonly Finding[]>()
  const timer = setTimeout(() => resolve([report('check-unfinished', { check: name })]), CHECKS_MS)
  try {
    return await Promise.race([check(), late])
  } catch (error) {
    return [failed(report, name, error)]
  } finally {
    clearTimeout(timer)
  }
}

function failed(report: Probe['report'], check: string, error: unknown): Finding {
  return report('check-failed', { check, message: error instanceof Error ? error.message : String(error) })
}
