/** A kind that the double serves. */
export type ApiResource = {
  group: string
  version: string
  kind: string
  plural: string
  namespaced: boolean
  shortNames: readonly string[]
}

/** Kinds by API: `kind plural`, then short names; an exclamation mark for those that belong to no namespace. */
const table: Readonly<Record<string, readonly string[]>> = {
  v1: [
    '!Namespace namespaces ns',
    'ConfigMap configmaps cm',
    'Event events ev',
    'LimitRange limitranges limits',
    'Pod pods po',
    'ResourceQuota resourcequotas quota',
    'Secret secrets',
    'Service services svc',
    'ServiceAccount serviceaccounts sa',
  ],
  'apps/v1': ['Deployment deployments deploy', 'ReplicaSet replicasets rs'],
  'autoscaling/v2': ['HorizontalPodAutoscaler horizontalpodautoscalers hpa'],
  'batch/v1': ['Job jobs', 'CronJob cronjobs cj'],
  'external-secrets.io/v1': ['ExternalSecret externalsecrets es'],
  'gateway.networking.k8s.io/v1': ['HTTPRoute httproutes'],
  'monitoring.coreos.com/v1': [
    'PodMonitor podmonitors',
    'PrometheusRule prometheusrules',
    'ServiceMonitor servicemonitors',
  ],
  'networking.k8s.io/v1': ['Ingress ingresses ing', 'NetworkPolicy networkpolicies netpol'],
  'policy/v1': ['PodDisruptionBudget poddisruptionbudgets pdb'],
  'rbac.authorization.k8s.io/v1': [
    'Role roles',
    'RoleBinding rolebindings',
    '!ClusterRole clusterroles',
    '!ClusterRoleBinding clusterrolebindings',
  ],
  'route.openshift.io/v1': ['Route routes'],
  'security.openshift.io/v1': ['!SecurityContextConstraints securitycontextconstraints scc'],
  'tekton.dev/v1': ['Pipeline pipelines', 'PipelineRun pipelineruns pr', 'Task tasks'],
}

export const apiResources: readonly ApiResource[] = Object.entries(table).flatMap(([api, kinds]) => {
  const [version = '', group = ''] = api.split('/').toReversed()
  return kinds.map((line) => {
    const [kind = '', plural = '', ...shortNames] = line.replace('!', '').split(' ')
    return { group, version, kind, plural, namespaced: !line.startsWith('!'), shortNames }
  })
})

/** `v1` or `apps/v1`. */
export function apiVersionOf({ group, version }: ApiResource): string {
  return group === '' ? version : `${group}/${version}`
}
