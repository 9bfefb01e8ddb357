/** What every container of a pod for restricted-v2 says. */
export const restricted = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
}

export function container(securityContext: object = restricted, rest: object = {}) {
  return { name: 'server', image: 'idaas:1', securityContext, ...rest }
}

export function deployment(spec: object = {}, replicas = 2) {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'server' },
    spec: {
      replicas,
      selector: { matchLabels: { app: 'server' } },
      template: { metadata: { labels: { app: 'server' } }, spec: { containers: [container()], ...spec } },
    },
  }
}
