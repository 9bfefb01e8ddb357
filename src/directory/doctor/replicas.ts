import type { Finding } from './finding.ts'
import { addition } from './fix.ts'
import type { Check, Probe } from './probe.ts'
import { replicaLags, type ReplicaLag } from './replica-lag.ts'
import { onDatabase, slapdPlace, suffixOf } from './slapd-place.ts'

/** Seconds that a replica may be behind. */
const TOLERATED = 60

/** Whether several slapds hold the same. */
export const replicas: Check = {
  name: 'replicas',
  async run(probe) {
    const { servers, settings, bases } = probe
    const [used] = bases
    if (settings.kind !== 'openldap' || servers.length < 2 || used === undefined) return []
    const lags = await replicaLags(servers, suffixOf(probe.rootDse, used.base))
    return (await Promise.all(lags.map((lag) => judge(probe, lag)))).flat()
  },
}

async function judge(probe: Probe, { url, seconds }: ReplicaLag): Promise<Finding[]> {
  if (seconds === undefined) return [probe.report('replication-unseen', { url }, await overlayFix(probe))]
  return seconds < TOLERATED ? [] : [probe.report('replica-behind', { url, seconds: Math.round(seconds) })]
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
