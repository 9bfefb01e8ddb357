import { hash } from 'node:crypto'
import {
  canonical,
  isMap,
  podTemplateOf,
  replicasOf,
  type ApiObject,
  type PodTemplate,
} from './api-object.ts'
import { nameOf, type ObjectStore } from './object-store.ts'
import { isOwned, ownerReference } from './ownership.ts'
import { condition, startPod } from './start-pod.ts'

const hashLabel = 'pod-template-hash'

/** With maxUnavailable 0 and maxSurge 1: a new pod, then one of the old ones goes. When a new one is refused, the old ones stay. */
export function rollOut(store: ObjectStore, deployment: ApiObject): void {
  const template = podTemplateOf(deployment)
  const digest = hash('sha256', canonical(template)).slice(0, 10)
  const replicaSet = replicaSetOf(store, deployment, template, digest)
  const isNew = ({ metadata }: ApiObject): boolean => metadata.labels?.[hashLabel] === digest
  const pods = (): ApiObject[] => podsOf(store, deployment)
  const wanted = replicasOf(deployment)
  let refused: string | undefined
  while (refused === undefined && pods().filter(isNew).length < wanted) {
    refused = startPod(store, replicaSet, podTemplateOf(replicaSet))
    const old = pods().find((pod) => !isNew(pod))
    if (refused === undefined && old !== undefined) store.remove(old)
  }
  if (refused === undefined) {
    const surplus = [...pods().filter((pod) => !isNew(pod)), ...pods().filter(isNew).slice(wanted)]
    for (const pod of surplus) store.remove(pod)
  }
  for (const each of replicaSetsOf(store, deployment)) {
    const ready = store.list('Pod', each.metadata.namespace).filter((pod) => isOwned(pod, each)).length
    const replicas = each.metadata.name === replicaSet.metadata.name ? wanted : ready
    const scaled = store.put({ ...each, spec: { ...specOf(each), replicas } })
    const observedGeneration = scaled.metadata.generation
    const counts = { replicas: ready, readyReplicas: ready, availableReplicas: ready }
    store.put({ ...scaled, status: { observedGeneration, ...counts } })
  }
  const status = deploymentStatus(store, deployment, pods().length, pods().filter(isNew).length, refused)
  store.put({ ...deployment, status })
}

function deploymentStatus(
  store: ObjectStore,
  { metadata: { generation } }: ApiObject,
  replicas: number,
  updatedReplicas: number,
  refused: string | undefined,
): object {
  const done = [
    condition(store, 'Available', 'MinimumReplicasAvailable'),
    condition(store, 'Progressing', 'NewReplicaSetAvailable'),
  ]
  const failed = [
    condition(store, 'Progressing', 'ReplicaSetUpdated'),
    { ...condition(store, 'ReplicaFailure', 'FailedCreate'), message: refused },
  ]
  return {
    observedGeneration: generation,
    replicas,
    updatedReplicas,
    readyReplicas: replicas,
    availableReplicas: replicas,
    conditions: refused === undefined ? done : failed,
  }
}

function replicaSetsOf(store: ObjectStore, deployment: ApiObject): ApiObject[] {
  return store.list('ReplicaSet', deployment.metadata.namespace).filter((each) => isOwned(each, deployment))
}

function podsOf(store: ObjectStore, deployment: ApiObject): ApiObject[] {
  const sets = replicaSetsOf(store, deployment)
  return store
    .list('Pod', deployment.metadata.namespace)
    .filter((pod) => sets.some((each) => isOwned(pod, each)))
}

function replicaSetOf(
  store: ObjectStore,
  deployment: ApiObject,
  template: PodTemplate,
  digest: string,
): ApiObject {
  const name = `${nameOf(deployment)}-${digest}`
  const existing = store.get('ReplicaSet', deployment.metadata.namespace, name)
  if (existing !== undefined) return existing
  const labels = { ...template.metadata?.labels, [hashLabel]: digest }
  const revision = String(replicaSetsOf(store, deployment).length + 1)
  return store.put({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name,
      namespace: deployment.metadata.namespace,
      labels,
      annotations: { 'deployment.kubernetes.io/revision': revision },
      ownerReferences: [ownerReference(deployment)],
    },
    spec: {
      ...specOf(deployment),
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  })
}

function specOf(object: ApiObject): object {
  return isMap(object['spec']) ? object['spec'] : {}
}
