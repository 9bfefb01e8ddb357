import { z } from 'zod'

const container = z.object({
  name: z.string(),
  image: z.string(),
  securityContext: z
    .object({
      allowPrivilegeEscalation: z.boolean().optional(),
      readOnlyRootFilesystem: z.boolean().optional(),
      runAsNonRoot: z.boolean().optional(),
      runAsUser: z.number().optional(),
      capabilities: z.object({ drop: z.array(z.string()).default([]) }).default({ drop: [] }),
      seccompProfile: z.object({ type: z.string() }).optional(),
    })
    .prefault({}),
  resources: z
    .object({
      requests: z.record(z.string(), z.string()).default({}),
      limits: z.record(z.string(), z.string()).default({}),
    })
    .prefault({}),
})

const podSpec = z.object({
  automountServiceAccountToken: z.boolean().optional(),
  hostNetwork: z.boolean().optional(),
  hostPID: z.boolean().optional(),
  hostIPC: z.boolean().optional(),
  securityContext: z
    .object({ runAsUser: z.number().optional(), fsGroup: z.number().optional() })
    .prefault({}),
  volumes: z.array(z.looseObject({})).default([]),
  initContainers: z.array(container).default([]),
  containers: z.array(container).min(1),
})
export type PodSpec = z.infer<typeof podSpec>

const templated = z.object({ spec: z.object({ template: z.object({ spec: podSpec }) }) })
const pod = z.object({ kind: z.literal('Pod'), spec: podSpec })

/** The spec of the pods that an object makes, with every container; undefined when it makes none. */
export function podSpecOf(manifest: object): PodSpec | undefined {
  return templated.safeParse(manifest).data?.spec.template.spec ?? pod.safeParse(manifest).data?.spec
}

/** What OpenShift's restricted-v2 (with no user id of ours), or the people who run it, would not accept of the pods. */
export function restrictions(spec: PodSpec): string[] {
  const { runAsUser, fsGroup } = spec.securityContext
  const faults = [
    runAsUser !== undefined || fsGroup !== undefined ? 'names a user or group id' : '',
    spec.hostNetwork === true || spec.hostPID === true || spec.hostIPC === true ? 'shares with its host' : '',
    spec.volumes.some((volume) => 'hostPath' in volume) ? 'mounts a path of its host' : '',
    spec.automountServiceAccountToken === false ? '' : 'mounts a token',
    ...[...spec.initContainers, ...spec.containers].flatMap(containerFaults),
  ]
  return faults.filter((fault) => fault !== '')
}

function containerFaults({ name, image, securityContext: may, resources }: z.infer<typeof container>) {
  const rules = {
    'may gain privileges': may.allowPrivilegeEscalation !== false,
    'writes its own files': may.readOnlyRootFilesystem !== true,
    'may be root': may.runAsNonRoot !== true,
    'names a user id': may.runAsUser !== undefined,
    'keeps capabilities': !may.capabilities.drop.includes('ALL'),
    'has no seccomp profile': may.seccompProfile === undefined,
    'asks for no memory': resources.requests['memory'] === undefined,
    'has no limit of memory': resources.limits['memory'] === undefined,
    'has an image without version': !/(:(?!latest$)[^:/@]+|@sha256:[a-f0-9]{64})$/.test(image),
  }
  return Object.entries(rules).flatMap(([fault, isBroken]) => (isBroken ? [`${name} ${fault}`] : []))
}
