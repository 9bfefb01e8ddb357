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

/** Milliseconds for a check, and for everything: what a check has is less when connecting took long. */
const CHECK_MS = 5_000
const OVERALL_MS = 9_500

/**
 * The doctor: looks at the directories of a tenant as the service does, and tells what is wrong with them and how to mend it. Writes nothing. Takes
 * less than ten seconds, whatever is dead. Errors come first.
 */
export async function examine(config: TenantConfig, now: () => Date): Promise<Finding[]> {
  const over = later(OVERALL_MS)
  const opened = await Promise.all(config.directories.map((directory) => open(config, directory, now)))
  const probes = opened.flatMap(({ probe }) => probe ?? [])
  try {
    const [each, across] = await Promise.all([
      Promise.all(
        opened.map(({ config: directory, probe }) =>
          probe === undefined ? Promise.resolve([]) : runChecks(directory, probe, over.passed),
        ),
      ),
      runAcross(config, probes, over.passed),
    ])
    return bySeverity([...opened.flatMap(({ findings }) => findings), ...each.flat(), ...across])
  } finally {
    over.cancel()
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

async function runChecks(config: DirectoryConfig, probe: Probe, over: Promise<void>): Promise<Finding[]> {
  const { bind: _, ...how } = connectOptions(config)
  const all = [...checks, exposure(how)]
  return (await Promise.all(all.map((check) => run(check.name, probe, () => check.run(probe), over)))).flat()
}

async function runAcross(
  config: TenantConfig,
  probes: readonly Probe[],
  over: Promise<void>,
): Promise<Finding[]> {
  const [first] = probes
  if (first === undefined) return []
  let isLate = false
  const end = later(CHECK_MS - 1_000)
  void end.passed.then(() => (isLate = true))
  const across = await Promise.all([
    run('role-groups', first, () => roleGroups(config, probes), over),
    run('counterparts', first, () => counterparts(probes), over),
    run('everyone', first, () => everyone(probes, () => isLate), over),
  ])
  end.cancel()
  return across.flat()
}

/** A check that fails, or takes too long, is a finding of its own: the others still count. */
async function run(
  name: string,
  { report }: Probe,
  check: () => Promise<readonly Finding[]>,
  over: Promise<void>,
): Promise<readonly Finding[]> {
  const late = later(CHECK_MS)
  const unfinished = Promise.race([late.passed, over]).then(() => [
    report('check-unfinished', { check: name }),
  ])
  try {
    return await Promise.race([check(), unfinished])
  } catch (error) {
    return [failed(report, name, error)]
  } finally {
    late.cancel()
  }
}

/** A promise for when so much time has passed, which can be called off. */
function later(milliseconds: number): { passed: Promise<void>; cancel: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, milliseconds)
  return { passed: promise, cancel: () => clearTimeout(timer) }
}

function failed(report: Probe['report'], check: string, error: unknown): Finding {
  return report('check-failed', { check, message: error instanceof Error ? error.message : String(error) })
}
