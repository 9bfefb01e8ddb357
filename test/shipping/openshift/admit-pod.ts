import { z } from 'zod'
import type { ApiObject } from './api-object.ts'
import { ApiError } from './api-error.ts'
import { allowedToUse } from './allowed-to-use.ts'
import { nameOf, type ObjectStore } from './object-store.ts'
import { podSpec, type NamespaceIds } from './pod-spec.ts'
import { limitedByRange, quotaRefusals } from './quota.ts'
import { completed } from './scc-completed.ts'
import { refusals } from './scc-refusals.ts'
import {
  restrictedV2,
  securityContextConstraints,
  type SecurityContextConstraints,
} from './security-context-constraints.ts'

const withPodSpec = z.looseObject({ spec: podSpec })

/**
 * The pod as OpenShift admits it: with the limits of the namespace's LimitRange, and completed by the first of the constraints that its ServiceAccount may
 * use and that refuse nothing. Throws Forbidden when all of them refuse it, or when it goes beyond a ResourceQuota.
 */
export function admitPod(store: ObjectStore, pod: ApiObject): ApiObject {
  const { namespace = '' } = pod.metadata
  const ids = idsOf(store, namespace)
  const spec = limitedByRange(store, namespace, withPodSpec.parse(pod).spec)
  const refused: string[] = []
  for (const scc of constraintsFor(store, namespace, spec.serviceAccountName ?? 'default')) {
    const found = refusals(spec, scc, ids)
    if (found.length > 0) {
      refused.push(`provider ${JSON.stringify(scc.metadata.name)}: ${found.join(', ')}`)
      continue
    }
    const overQuota = quotaRefusals(store, namespace, spec)
    if (overQuota.length > 0) throw forbidden(pod, overQuota.join(', '))
    const annotations = { ...pod.metadata.annotations, 'openshift.io/scc': scc.metadata.name }
    return { ...pod, metadata: { ...pod.metadata, annotations }, spec: completed(spec, scc, ids) }
  }
  throw forbidden(pod, `unable to validate against any security context constraint: [${refused.join(', ')}]`)
}

function forbidden(pod: ApiObject, why: string): ApiError {
  return new ApiError(403, 'Forbidden', `pods ${JSON.stringify(nameOf(pod))} is forbidden: ${why}`)
}

function constraintsFor(
  store: ObjectStore,
  namespace: string,
  serviceAccount: string,
): SecurityContextConstraints[] {
  const others = store
    .list('SecurityContextConstraints')
    .map((object) => securityContextConstraints.parse(object))
    .filter((scc) => allowedToUse(store, scc, namespace, serviceAccount))
  return [...others, restrictedV2].toSorted((a, b) => (b.priority ?? 0) - (a.priority ?? 0))
}

const uidRange = 'openshift.io/sa.scc.uid-range'
const seLinuxLevel = 'openshift.io/sa.scc.mcs'

/** What OpenShift writes to a namespace when it is made: ten thousand user ids that no other has, and a level of SELinux. */
export function namespaceAnnotations(count: number): Record<string, string> {
  return {
    [uidRange]: `${1_000_660_000 + count * 10_000}/10000`,
    [seLinuxLevel]: `s0:c26,c${5 + count * 5}`,
  }
}

function idsOf(store: ObjectStore, namespace: string): NamespaceIds {
  const annotations = store.get('Namespace', undefined, namespace)?.metadata.annotations
  const [first, size] = (annotations?.[uidRange] ?? '').split('/').map(Number)
  const level = annotations?.[seLinuxLevel]
  if (first === undefined || size === undefined || level === undefined)
    throw new ApiError(404, 'NotFound', `namespaces ${JSON.stringify(namespace)} not found`)
  return { firstUid: first, lastUid: first + size - 1, seLinuxLevel: level }
}
