import { z } from 'zod'
import { admitPod, namespaceAnnotations } from './admit-pod.ts'
import { isSame, podTemplateOf, type ApiObject } from './api-object.ts'
import { ApiError } from './api-error.ts'
import { reconcile } from './controllers.ts'
import { nameOf, type ObjectStore } from './object-store.ts'
import { withPodStatus } from './start-pod.ts'

/** Stores an object as the API server does: what may not change is refused, what it does not say is filled in, pods pass admission. */
export function saveObject(
  store: ObjectStore,
  object: ApiObject,
  { isDryRun }: { isDryRun: boolean },
): ApiObject {
  const old = store.get(object.kind, object.metadata.namespace, nameOf(object))
  if (old !== undefined) refuseImmutable(old, object)
  const admitted = withDefaults(store, object, old)
  if (isDryRun) return store.stamped(admitted)
  const stored = store.put(admitted)
  reconcile(store, stored)
  return store.get(stored.kind, stored.metadata.namespace, nameOf(stored)) ?? stored
}

const withSelector = z.looseObject({ spec: z.looseObject({ selector: z.unknown() }) })

function refuseImmutable(old: ApiObject, object: ApiObject): void {
  const refuse = (field: string): never => {
    const what = `${object.kind} ${JSON.stringify(nameOf(object))} is invalid: ${field}: Invalid value: field is immutable`
    throw new ApiError(422, 'Invalid', what)
  }
  if (object.kind === 'Job' && !isSame(podTemplateOf(old), podTemplateOf(object))) refuse('spec.template')
  if (object.kind !== 'Deployment') return
  const selectorOf = (each: ApiObject): unknown => withSelector.parse(each).spec.selector
  if (!isSame(selectorOf(old), selectorOf(object))) refuse('spec.selector')
}

const service = z.looseObject({ spec: z.looseObject({ clusterIP: z.string().optional() }) })
const secret = z.looseObject({
  data: z.record(z.string(), z.string()).optional(),
  stringData: z.record(z.string(), z.string()).optional(),
})

function withDefaults(store: ObjectStore, object: ApiObject, old: ApiObject | undefined): ApiObject {
  switch (object.kind) {
    case 'Pod':
      return old === undefined ? withPodStatus(store, admitPod(store, object)) : object
    case 'Namespace': {
      const own = old === undefined ? namespaceAnnotations(store.list('Namespace').length) : {}
      const annotations = { ...own, ...object.metadata.annotations }
      return { ...object, metadata: { ...object.metadata, annotations }, status: { phase: 'Active' } }
    }
    case 'Service': {
      const { spec } = service.parse(object)
      return { ...object, spec: { clusterIP: '172.30.0.10', ...spec } }
    }
    case 'Secret': {
      const { data, stringData = {}, ...rest } = secret.parse(object)
      const encoded = Object.entries(stringData).map(([key, value]) => [
        key,
        Buffer.from(value).toString('base64'),
      ])
      return { ...object, ...rest, stringData: undefined, data: { ...data, ...Object.fromEntries(encoded) } }
    }
    default:
      return object
  }
}
