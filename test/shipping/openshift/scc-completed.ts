import type { Container, NamespaceIds, PodSpec } from './pod-spec.ts'
import { allowsAnySeccomp, type SecurityContextConstraints } from './security-context-constraints.ts'

/** The pod as these constraints complete it: what it does not say gets what the namespace has. */
export function completed(pod: PodSpec, scc: SecurityContextConstraints, ids: NamespaceIds): PodSpec {
  const security = pod.securityContext ?? {}
  const complete = (each: Container): Container => completedContainer(each, security.runAsUser, scc, ids)
  return {
    ...pod,
    ...(pod.initContainers === undefined ? {} : { initContainers: pod.initContainers.map(complete) }),
    containers: pod.containers.map(complete),
    securityContext: {
      ...(scc.fsGroup.type === 'MustRunAs' ? { fsGroup: ids.firstUid } : {}),
      ...(scc.seLinuxContext.type === 'MustRunAs' ? { seLinuxOptions: { level: ids.seLinuxLevel } } : {}),
      ...(allowsAnySeccomp(scc) ? {} : { seccompProfile: { type: 'RuntimeDefault' } }),
      ...security,
    },
  }
}

function completedContainer(
  each: Container,
  podUser: number | undefined,
  scc: SecurityContextConstraints,
  ids: NamespaceIds,
): Container {
  const security = each.securityContext ?? {}
  const { add = [], drop = [] } = security.capabilities ?? {}
  const uid = security.runAsUser ?? podUser ?? userOf(scc, ids)
  return {
    ...each,
    securityContext: {
      ...(scc.allowPrivilegeEscalation ? {} : { allowPrivilegeEscalation: false }),
      ...security,
      ...(uid === undefined ? {} : { runAsUser: uid, runAsNonRoot: security.runAsNonRoot ?? uid !== 0 }),
      capabilities: {
        ...security.capabilities,
        add: [...new Set([...add, ...(scc.defaultAddCapabilities ?? [])])],
        drop: [...new Set([...drop, ...(scc.requiredDropCapabilities ?? [])])],
      },
    },
  }
}

function userOf({ runAsUser }: SecurityContextConstraints, ids: NamespaceIds): number | undefined {
  if (runAsUser.type === 'MustRunAsRange') return ids.firstUid
  return runAsUser.type === 'MustRunAs' ? runAsUser.uid : undefined
}
