import { z } from 'zod'

const strategy = z.looseObject({ type: z.string(), uid: z.number().optional() })

/** What this double checks of a SecurityContextConstraints. */
export const securityContextConstraints = z.looseObject({
  metadata: z.looseObject({ name: z.string() }),
  priority: z.number().nullish(),
  users: z.array(z.string()).nullish(),
  groups: z.array(z.string()).nullish(),
  allowHostNetwork: z.boolean(),
  allowHostPID: z.boolean(),
  allowHostIPC: z.boolean(),
  allowHostPorts: z.boolean(),
  allowPrivilegedContainer: z.boolean(),
  allowPrivilegeEscalation: z.boolean(),
  allowedCapabilities: z.array(z.string()).nullish(),
  defaultAddCapabilities: z.array(z.string()).nullish(),
  requiredDropCapabilities: z.array(z.string()).nullish(),
  runAsUser: strategy,
  fsGroup: strategy,
  seLinuxContext: strategy,
  seccompProfiles: z.array(z.string()).nullish(),
  volumes: z.array(z.string()),
})
export type SecurityContextConstraints = z.infer<typeof securityContextConstraints>

/** What OpenShift gives every ServiceAccount, since 4.11, as `oc get scc restricted-v2 -o yaml` shows. */
export const restrictedV2: SecurityContextConstraints = {
  metadata: { name: 'restricted-v2' },
  groups: ['system:authenticated'],
  allowHostNetwork: false,
  allowHostPID: false,
  allowHostIPC: false,
  allowHostPorts: false,
  allowPrivilegedContainer: false,
  allowPrivilegeEscalation: false,
  allowedCapabilities: ['NET_BIND_SERVICE'],
  requiredDropCapabilities: ['ALL'],
  runAsUser: { type: 'MustRunAsRange' },
  fsGroup: { type: 'MustRunAs' },
  seLinuxContext: { type: 'MustRunAs' },
  seccompProfiles: ['runtime/default'],
  volumes: [
    'configMap',
    'csi',
    'downwardAPI',
    'emptyDir',
    'ephemeral',
    'image',
    'persistentVolumeClaim',
    'projected',
    'secret',
  ],
}

/** Whether a pod may name any profile of seccomp. */
export function allowsAnySeccomp({ seccompProfiles }: SecurityContextConstraints): boolean {
  return seccompProfiles === null || seccompProfiles === undefined || seccompProfiles.includes('*')
}
