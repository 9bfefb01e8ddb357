import { text } from '../../ldap/entry.ts'
import { isWithin } from '../../ldap/dn.ts'
import { parseGeneralizedTime } from '../../ldap/generalized-time.ts'
import { LdapError } from '../../ldap/result.ts'
import type { Finding } from './finding.ts'
import { addition } from './fix.ts'
import type { Check, Probe, ProbedServer } from './probe.ts'
import { onDatabase, slapdPlace } from './slapd-place.ts'

/** Seconds that a replica may be behind. */
const TOLERATED = 60

/** Whether several slapds hold the same: each says in contextCSN up to when it has the changes of each of them. */
export const replicas: Check = {
  name: 'replicas',
  async run(probe) {
    const { servers, settings, bases } = probe
    const [used] = bases
    if (settings.kind !== 'openldap' || servers.length < 2 || used === undefined) return []
    const suffix = text(probe.rootDse, 'namingContexts').find((one) => isWithin(used.base, one)) ?? used.base
    const seen = await Promise.all(
      servers.map(async (server) => ({ server, times: await timesOf(server, suffix) })),
    )
    const newest = new Map<string, number>()
    for (const [id, time] of seen.flatMap(({ times }) => [...times]))
      newest.set(id, Math.max(newest.get(id) ?? 0, time))
    const findings = seen.map(({ server, times }) => judge(probe, server, times, newest))
    return (await Promise.all(findings)).flat()
  },
}

type Times = ReadonlyMap<string, number>

async function timesOf({ connection }: ProbedServer, suffix: string): Promise<Times> {
  try {
    const entry = await connection.read(suffix, { attributes: ['contextCSN'] })
    const values = entry === undefined ? [] : text(entry, 'contextCSN')
    // 20261125081855.468624Z#000000#001#000000: time, count, server, part.
    return new Map(
      values.flatMap((value) => {
        const [time = '', , id = ''] = value.split('#')
        const parsed = parseGeneralizedTime(time)
        return parsed === null ? [] : [[id, parsed.getTime()] as const]
      }),
    )
  } catch (error) {
    if (error instanceof LdapError) return new Map()
    throw error
  }
}

async function judge(probe: Probe, { url }: ProbedServer, times: Times, newest: Times): Promise<Finding[]> {
  if (times.size === 0) return [probe.report('replication-unseen', { url }, await overlayFix(probe))]
  const lags = [...newest].map(([id, time]) => time - (times.get(id) ?? 0))
  const seconds = Math.round(Math.max(0, ...lags) / 1_000)
  return seconds < TOLERATED ? [] : [probe.report('replica-behind', { url, seconds })]
}

async function overlayFix(probe: Probe): Promise<string> {
  const place = await slapdPlace(probe, probe.bases[0]?.base ?? '')
  const overlay = addition(`olcOverlay=syncprov,${place.dn}`, {
    objectClass: ['olcOverlayConfig', 'olcSyncProvConfig'],
    olcOverlay: 'syncprov',
    olcSpCheckpoint: '100 10',
  })
  return onDatabase(place, overlay)
}
