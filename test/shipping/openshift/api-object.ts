import { z } from 'zod'

const texts = z.record(z.string(), z.string())

/** What every object of the API has; the rest of it is kept as it came. */
export const apiObject = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string().optional(),
    namespace: z.string().optional(),
    uid: z.string().optional(),
    generation: z.number().optional(),
    resourceVersion: z.string().optional(),
    creationTimestamp: z.string().nullish(),
    labels: texts.nullish(),
    annotations: texts.nullish(),
    ownerReferences: z.array(z.looseObject({ uid: z.string() })).optional(),
  }),
})
export type ApiObject = z.infer<typeof apiObject>

const podTemplate = z.looseObject({
  metadata: z.looseObject({ labels: texts.nullish(), annotations: texts.nullish() }).optional(),
  spec: z.looseObject({}),
})
const withReplicas = z.looseObject({ spec: z.looseObject({ replicas: z.number().optional() }) })
const withTemplate = z.looseObject({ spec: z.looseObject({ template: podTemplate }) })

export type PodTemplate = z.infer<typeof podTemplate>

/** The template of a Deployment, ReplicaSet, StatefulSet or Job. */
export function podTemplateOf(object: ApiObject): PodTemplate {
  return withTemplate.parse(object).spec.template
}

/** How many pods a Deployment or ReplicaSet wants: one, when it does not say. */
export function replicasOf(object: ApiObject): number {
  return withReplicas.parse(object).spec.replicas ?? 1
}

/** Whether two values are the same as JSON, whatever the order of keys. */
export function isSame(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b)
}

/** JSON with sorted keys. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    isMap(each) ? Object.fromEntries(Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1))) : each,
  )
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
