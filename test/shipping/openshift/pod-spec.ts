import { z } from 'zod'

const seccomp = z.looseObject({ type: z.string() })
const containerSecurity = z.looseObject({
  privileged: z.boolean().optional(),
  runAsUser: z.number().optional(),
  runAsNonRoot: z.boolean().optional(),
  allowPrivilegeEscalation: z.boolean().optional(),
  seccompProfile: seccomp.optional(),
  capabilities: z
    .looseObject({ add: z.array(z.string()).optional(), drop: z.array(z.string()).optional() })
    .optional(),
})
const container = z.looseObject({
  name: z.string(),
  image: z.string(),
  securityContext: containerSecurity.optional(),
  ports: z.array(z.looseObject({ hostPort: z.number().optional() })).optional(),
})
export type Container = z.infer<typeof container>

/** What this double checks of the `spec` of a pod. */
export const podSpec = z.looseObject({
  serviceAccountName: z.string().optional(),
  hostNetwork: z.boolean().optional(),
  hostPID: z.boolean().optional(),
  hostIPC: z.boolean().optional(),
  volumes: z.array(z.looseObject({ name: z.string() })).optional(),
  initContainers: z.array(container).optional(),
  containers: z.array(container).min(1),
  securityContext: z
    .looseObject({
      runAsUser: z.number().optional(),
      fsGroup: z.number().optional(),
      seccompProfile: seccomp.optional(),
      seLinuxOptions: z.looseObject({ level: z.string().optional() }).optional(),
    })
    .optional(),
})
export type PodSpec = z.infer<typeof podSpec>

/** What a namespace got when it was made: its own user ids, and its own level of SELinux. */
export type NamespaceIds = { firstUid: number; lastUid: number; seLinuxLevel: string }

export function containersOf(pod: PodSpec): Container[] {
  return [...(pod.initContainers ?? []), ...pod.containers]
}
