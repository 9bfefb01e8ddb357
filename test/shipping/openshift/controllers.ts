import { z } from 'zod'
import { podTemplateOf, type ApiObject } from './api-object.ts'
import type { ObjectStore } from './object-store.ts'
import { rollOut } from './roll-out.ts'
import { condition, startPod } from './start-pod.ts'

/** What OpenShift's controllers make of an object that was stored, all at once; pods are ready, or have done their work, when they are admitted. */
export function reconcile(store: ObjectStore, object: ApiObject): void {
  if (object.kind === 'Deployment') rollOut(store, object)
  else if (object.kind === 'Job') runJob(store, object)
  else if (object.kind === 'Route') admitRoute(store, object)
}

function runJob(store: ObjectStore, job: ApiObject): void {
  if (job['status'] !== undefined) return
  const refused = startPod(store, job, podTemplateOf(job))
  const now = store.clock().toISOString()
  const status =
    refused === undefined
      ? {
          succeeded: 1,
          startTime: now,
          completionTime: now,
          conditions: [condition(store, 'SuccessCriteriaMet'), condition(store, 'Complete')],
        }
      : { active: 0, startTime: now }
  store.put({ ...job, status })
}

const route = z.looseObject({
  spec: z.looseObject({ host: z.string().optional(), path: z.string().optional() }),
})

/** A host and path belong to the Route that had them first. */
function admitRoute(store: ObjectStore, object: ApiObject): void {
  const { name, namespace } = object.metadata
  const { spec } = route.parse(object)
  const { host = `${name}-${namespace}.apps.example.org`, path } = spec
  const others = store.list('Route').filter((each) => each.metadata.uid !== object.metadata.uid)
  const isTaken = others.some((each) => {
    const other = route.parse(each).spec
    return other.host === host && other.path === path
  })
  const admitted = isTaken
    ? { type: 'Admitted', status: 'False', reason: 'HostAlreadyClaimed' }
    : condition(store, 'Admitted')
  const status = { ingress: [{ host, routerName: 'default', conditions: [admitted] }] }
  store.put({ ...object, spec: { ...spec, host }, status })
}
