import { containersOf, type Container, type NamespaceIds, type PodSpec } from './pod-spec.ts'
import { allowsAnySeccomp, type SecurityContextConstraints } from './security-context-constraints.ts'

/** Why these constraints refuse the pod, in the words of OpenShift; none when they admit it. */
export function refusals(pod: PodSpec, scc: SecurityContextConstraints, ids: NamespaceIds): string[] {
  return [
    ...hostRefusals(pod, scc),
    ...groupRefusals(pod, scc, ids),
    ...containersOf(pod).flatMap((each) => containerRefusals(each, pod, scc, ids)),
  ]
}

function hostRefusals(pod: PodSpec, scc: SecurityContextConstraints): string[] {
  const found: string[] = []
  if (pod.hostNetwork === true && !scc.allowHostNetwork) found.push('Host network is not allowed to be used')
  if (pod.hostPID === true && !scc.allowHostPID) found.push('Host PID is not allowed to be used')
  if (pod.hostIPC === true && !scc.allowHostIPC) found.push('Host IPC is not allowed to be used')
  for (const { name, ...kinds } of pod.volumes ?? [])
    for (const kind of Object.keys(kinds))
      if (!scc.volumes.includes(kind) && !scc.volumes.includes('*'))
        found.push(
          `spec.volumes[${name}]: Invalid value: "${kind}": ${kind} volumes are not allowed to be used`,
        )
  return found
}

function groupRefusals(pod: PodSpec, scc: SecurityContextConstraints, ids: NamespaceIds): string[] {
  const { fsGroup, seLinuxOptions } = pod.securityContext ?? {}
  const found: string[] = []
  if (scc.fsGroup.type === 'MustRunAs' && fsGroup !== undefined && !isWithin(fsGroup, ids))
    found.push(`spec.securityContext.fsGroup: Invalid value: ${fsGroup}: ${fsGroup} is not an allowed group`)
  const level = seLinuxOptions?.level
  if (scc.seLinuxContext.type === 'MustRunAs' && level !== undefined && level !== ids.seLinuxLevel)
    found.push(
      `spec.securityContext.seLinuxOptions.level: Invalid value: "${level}": must be ${ids.seLinuxLevel}`,
    )
  return found
}

function containerRefusals(
  { name, securityContext = {}, ports = [] }: Container,
  pod: PodSpec,
  scc: SecurityContextConstraints,
  ids: NamespaceIds,
): string[] {
  const at = `containers[${name}].securityContext`
  const found: string[] = []
  const { privileged, allowPrivilegeEscalation, capabilities } = securityContext
  if (privileged === true && !scc.allowPrivilegedContainer)
    found.push(`${at}.privileged: Invalid value: true: Privileged containers are not allowed`)
  if (allowPrivilegeEscalation === true && !scc.allowPrivilegeEscalation)
    found.push(
      `${at}.allowPrivilegeEscalation: Invalid value: true: Allowing privilege escalation is not allowed`,
    )
  for (const { hostPort } of ports)
    if (hostPort !== undefined && !scc.allowHostPorts)
      found.push(`${at}.hostPort: Invalid value: ${hostPort}: Host ports are not allowed to be used`)
  const allowed = [...(scc.allowedCapabilities ?? []), ...(scc.defaultAddCapabilities ?? [])]
  for (const capability of capabilities?.add ?? [])
    if (!allowed.includes(capability) && !allowed.includes('*'))
      found.push(`${at}.capabilities.add: Invalid value: "${capability}": capability may not be added`)
  const profile = securityContext.seccompProfile ?? pod.securityContext?.seccompProfile
  if (profile !== undefined && profile.type !== 'RuntimeDefault' && !allowsAnySeccomp(scc))
    found.push(`${at}.seccompProfile: Forbidden: ${profile.type} is not an allowed seccomp profile`)
  return [
    ...found,
    ...userRefusals(at, securityContext.runAsUser ?? pod.securityContext?.runAsUser, scc, ids),
  ]
}

function userRefusals(
  at: string,
  uid: number | undefined,
  { runAsUser }: SecurityContextConstraints,
  ids: NamespaceIds,
): string[] {
  if (uid === undefined) return []
  const refused = `${at}.runAsUser: Invalid value: ${uid}: must be`
  if (runAsUser.type === 'MustRunAsRange' && !isWithin(uid, ids))
    return [`${refused} in the ranges: [${ids.firstUid}, ${ids.lastUid}]`]
  if (runAsUser.type === 'MustRunAs' && uid !== runAsUser.uid) return [`${refused}: ${runAsUser.uid}`]
  if (runAsUser.type === 'MustRunAsNonRoot' && uid === 0) return [`${refused} non-root`]
  return []
}

function isWithin(id: number, { firstUid, lastUid }: NamespaceIds): boolean {
  return id >= firstUid && id <= lastUid
}
