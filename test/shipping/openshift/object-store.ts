import { randomUUID } from 'node:crypto'
import { isSame, type ApiObject } from './api-object.ts'
import { apiResources, apiVersionOf } from './api-resources.ts'
import { isOwned } from './ownership.ts'

type WatchEvent = { type: 'ADDED' | 'MODIFIED' | 'DELETED'; object: ApiObject }

export type ObjectStore = ReturnType<typeof openObjectStore>

/** The double's etcd: objects by kind, namespace and name; each change has the next resource version, and is told to who watches. */
export function openObjectStore(clock: () => Date) {
  const objects = new Map<string, ApiObject>()
  const watchers = new Set<(event: WatchEvent) => void>()
  let version = 1
  const tell = (event: WatchEvent): void => watchers.forEach((watcher) => watcher(event))

  function get(kind: string, namespace: string | undefined, name: string): ApiObject | undefined {
    return objects.get(keyOf(kind, namespace, name))
  }

  function list(kind: string, namespace?: string): ApiObject[] {
    return [...objects.values()].filter(
      (object) =>
        object.kind === kind && (namespace === undefined || object.metadata.namespace === namespace),
    )
  }

  /** The object as it would be stored: with uid, time and generation, which counts changes of the spec. */
  function stamped(object: ApiObject): ApiObject {
    const old = get(object.kind, object.metadata.namespace, nameOf(object))
    const { generation = 1, uid = randomUUID(), creationTimestamp, resourceVersion } = old?.metadata ?? {}
    const isOther = old !== undefined && !isSame(old['spec'], object['spec'])
    const metadata = {
      ...object.metadata,
      uid,
      creationTimestamp: creationTimestamp ?? clock().toISOString().replace(/\.\d+/, ''),
      generation: isOther ? generation + 1 : generation,
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    }
    return { ...object, metadata }
  }

  /** What changes nothing is no change: it gets no version, and nobody hears of it. */
  function put(object: ApiObject): ApiObject {
    refuseUnknown(object)
    const key = keyOf(object.kind, object.metadata.namespace, nameOf(object))
    const old = objects.get(key)
    if (old !== undefined && isSame(old, stamped(object))) return old
    version += 1
    const stored = withVersion(stamped(object), version)
    objects.set(key, stored)
    tell({ type: old === undefined ? 'ADDED' : 'MODIFIED', object: stored })
    return stored
  }

  /** Removes an object, and all that it owns, as the garbage collector does. */
  function remove(object: ApiObject): void {
    objects.delete(keyOf(object.kind, object.metadata.namespace, nameOf(object)))
    version += 1
    tell({ type: 'DELETED', object: withVersion(object, version) })
    const owns = (other: ApiObject): boolean =>
      isOwned(other, object) ||
      (object.kind === 'Namespace' && other.metadata.namespace === object.metadata.name)
    for (const owned of [...objects.values()].filter(owns)) remove(owned)
  }

  /** Returns the function that ends it. */
  function watch(watcher: (event: WatchEvent) => void): () => void {
    watchers.add(watcher)
    return () => watchers.delete(watcher)
  }

  return { get, list, put, stamped, remove, watch, clock, version: () => String(version) }
}

export function nameOf({ kind, metadata: { name } }: ApiObject): string {
  if (name === undefined) throw new Error(`a ${kind} without a name`)
  return name
}

function keyOf(kind: string, namespace: string | undefined, name: string): string {
  return [kind, namespace ?? '', name].join('/')
}

function withVersion(object: ApiObject, version: number): ApiObject {
  return { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } }
}

function refuseUnknown({ apiVersion, kind }: ApiObject): void {
  if (!apiResources.some((each) => each.kind === kind && apiVersionOf(each) === apiVersion))
    throw new Error(`no matches for kind ${kind} in version ${apiVersion}`)
}
