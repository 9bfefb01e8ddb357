import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { admitPod } from './admit-pod.ts'
import type { ApiObject, PodTemplate } from './api-object.ts'
import { ApiError } from './api-error.ts'
import { nameOf, type ObjectStore } from './object-store.ts'
import { ownerReference } from './ownership.ts'

/** Returns why the pod was refused, if it was; the namespace then has an event that says so. */
export function startPod(store: ObjectStore, owner: ApiObject, template: PodTemplate): string | undefined {
  const pod: ApiObject = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...template.metadata,
      name: `${nameOf(owner)}-${randomBytes(3).toString('hex')}`,
      namespace: owner.metadata.namespace,
      ownerReferences: [ownerReference(owner)],
    },
    spec: template.spec,
  }
  try {
    store.put(withPodStatus(store, admitPod(store, pod)))
    return undefined
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    warn(store, owner, 'FailedCreate', error.message)
    return error.message
  }
}

const restartPolicy = z.looseObject({
  spec: z.looseObject({ restartPolicy: z.string().optional() }),
})

/** A pod that is to end has ended well; another runs and is ready. */
export function withPodStatus(store: ObjectStore, pod: ApiObject): ApiObject {
  const ends = (restartPolicy.parse(pod).spec.restartPolicy ?? 'Always') !== 'Always'
  const status = ends
    ? { phase: 'Succeeded', conditions: [condition(store, 'Initialized')] }
    : { phase: 'Running', conditions: [condition(store, 'Initialized'), condition(store, 'Ready')] }
  return { ...pod, status }
}

function warn(store: ObjectStore, about: ApiObject, reason: string, message: string): void {
  const { apiVersion, kind, metadata } = about
  store.put({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${nameOf(about)}.${randomBytes(8).toString('hex')}`, namespace: metadata.namespace },
    involvedObject: { apiVersion, kind, name: metadata.name, namespace: metadata.namespace },
    type: 'Warning',
    reason,
    message,
    lastTimestamp: store.clock().toISOString(),
  })
}

/** One that is true from now on. */
export function condition(store: ObjectStore, type: string, reason = 'Double'): object {
  const now = store.clock().toISOString()
  return { type, status: 'True', reason, lastTransitionTime: now, lastUpdateTime: now }
}
