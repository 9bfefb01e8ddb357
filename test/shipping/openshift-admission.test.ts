import { afterAll, beforeAll, expect, test } from 'vitest'
import { container, deployment, restricted } from './openshift/example-objects.ts'
import { startProjects, type Projects } from './openshift/projects.ts'

let projects: Projects

beforeAll(async () => {
  projects = await startProjects()
})
afterAll(async () => {
  await projects.close()
})

test('a project has user ids that no other has, and pods run with the first of them', async () => {
  const [one, two] = [await projects.newProject(), await projects.newProject()]
  const ranges = ['get', 'namespace', one, two, '-o', 'jsonpath={..openshift\\.io/sa\\.scc\\.uid-range}']
  const [first, second] = (await projects.succeed(ranges)).split(' ')
  expect(first).toMatch(/^1000\d{6}\/10000$/)
  expect(second).not.toBe(first)
  await projects.apply(one, deployment())
  expect(await projects.succeed(['rollout', 'status', 'deployment/server', '-n', one])).toContain(
    'successfully rolled out',
  )
  const uids = ['get', 'pods', '-n', one, '-o', 'jsonpath={..containers[*].securityContext.runAsUser}']
  expect(await projects.succeed(uids)).toBe(
    [first, first].map((each) => each?.replace('/10000', '')).join(' '),
  )
})

test.for([
  [
    'a user id of one’s own',
    { containers: [container({ ...restricted, runAsUser: 1001 })] },
    /runAsUser: Invalid value: 1001: must be in the ranges: \[1000\d+, 1000\d+\]/,
  ],
  ['root', { securityContext: { runAsUser: 0 } }, /runAsUser: Invalid value: 0/],
  [
    'a group of one’s own',
    { securityContext: { fsGroup: 1001 } },
    /fsGroup: Invalid value: 1001: 1001 is not an allowed group/,
  ],
  [
    'a capability',
    { containers: [container({ capabilities: { add: ['SYS_ADMIN'] } })] },
    /"SYS_ADMIN": capability may not be added/,
  ],
  ['privileges', { containers: [container({ privileged: true })] }, /Privileged containers are not allowed/],
  [
    'escalation, in an init container',
    { initContainers: [container({ allowPrivilegeEscalation: true })] },
    /Allowing privilege escalation is not allowed/,
  ],
  [
    'no seccomp',
    { containers: [container({ seccompProfile: { type: 'Unconfined' } })] },
    /Unconfined is not an allowed seccomp profile/,
  ],
  [
    'a folder of the node',
    { volumes: [{ name: 'etc', hostPath: { path: '/etc' } }] },
    /hostPath volumes are not allowed/,
  ],
  ['the node’s network', { hostNetwork: true }, /Host network is not allowed/],
  [
    'a port of the node',
    { containers: [container(restricted, { ports: [{ containerPort: 80, hostPort: 80 }] })] },
    /Host ports are not allowed/,
  ],
] as const)('restricted-v2 refuses %s', async ([, spec, why]) => {
  const project = await projects.newProject()
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'server' },
    spec: { containers: [container()], ...spec },
  }
  const direct = await projects.kubectl(['create', '-n', project, '-f', '-'], JSON.stringify(pod))
  expect(direct.code).toBe(1)
  expect(direct.stderr).toMatch(why)
  // The Deployment is taken; it is its pods that never come.
  await projects.apply(project, deployment(spec))
  const status = [
    'get',
    'deployment',
    'server',
    '-n',
    project,
    '-o',
    'jsonpath={.status.conditions[?(@.type=="ReplicaFailure")].message}',
  ]
  expect(await projects.succeed(status)).toMatch(why)
  expect(await projects.warnings(project)).toMatch(why)
})

test('a new version whose pods are refused leaves the old ones where they are', async () => {
  const project = await projects.newProject()
  await projects.apply(project, deployment())
  await projects.apply(project, deployment({ hostPID: true }))
  expect(projects.objects.list('Pod', project)).toHaveLength(2)
  await projects.apply(project, deployment({}, 3))
  expect(await projects.succeed(['rollout', 'status', 'deployment/server', '-n', project])).toContain(
    'successfully',
  )
  expect(projects.objects.list('Pod', project)).toHaveLength(3)
})

test('constraints of one’s own admit only the ServiceAccount that is bound to them', async () => {
  const project = await projects.newProject()
  const rule = {
    apiGroups: ['security.openshift.io'],
    resources: ['securitycontextconstraints'],
    resourceNames: ['build'],
  }
  const rbac = 'rbac.authorization.k8s.io'
  await projects.apply(
    project,
    {
      apiVersion: 'security.openshift.io/v1',
      kind: 'SecurityContextConstraints',
      metadata: { name: 'build' },
      priority: 10,
      allowHostDirVolumePlugin: false,
      allowHostNetwork: false,
      allowHostPID: false,
      allowHostIPC: false,
      allowHostPorts: false,
      allowPrivilegedContainer: false,
      allowPrivilegeEscalation: true,
      allowedCapabilities: null,
      requiredDropCapabilities: ['MKNOD'],
      runAsUser: { type: 'MustRunAs', uid: 1000 },
      fsGroup: { type: 'MustRunAs' },
      seLinuxContext: { type: 'MustRunAs' },
      supplementalGroups: { type: 'RunAsAny' },
      readOnlyRootFilesystem: false,
      volumes: ['emptyDir'],
    },
    ...['use', 'get'].flatMap((verb) => [
      {
        apiVersion: `${rbac}/v1`,
        kind: 'Role',
        metadata: { name: verb },
        rules: [{ ...rule, verbs: [verb] }],
      },
      {
        apiVersion: `${rbac}/v1`,
        kind: 'RoleBinding',
        metadata: { name: verb },
        roleRef: { apiGroup: rbac, kind: 'Role', name: verb },
        subjects: [{ kind: 'ServiceAccount', name: `may-${verb}` }],
      },
    ]),
  )
  const spec = {
    containers: [container({ runAsUser: 1000, allowPrivilegeEscalation: true })],
    restartPolicy: 'Never',
  }
  const pod = (serviceAccountName: string) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: serviceAccountName },
    spec: { ...spec, serviceAccountName },
  })
  await projects.apply(project, pod('may-use'))
  expect(projects.objects.get('Pod', project, 'may-use')?.metadata.annotations).toMatchObject({
    'openshift.io/scc': 'build',
  })
  for (const account of ['may-get', 'default'])
    await expect(projects.apply(project, pod(account))).rejects.toThrow('must be in the ranges')
})

test('a quota wants limits of every container, a LimitRange gives them, and what goes beyond is refused', async () => {
  const project = await projects.newProject()
  await projects.apply(project, {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'most' },
    spec: { hard: { 'limits.memory': '1Gi' } },
  })
  await projects.apply(project, deployment())
  expect(await projects.warnings(project)).toContain('must specify limits.memory for each container')
  const limits = [{ type: 'Container', default: { memory: '400Mi' } }]
  await projects.apply(project, {
    apiVersion: 'v1',
    kind: 'LimitRange',
    metadata: { name: 'usual' },
    spec: { limits },
  })
  await projects.apply(project, deployment({}, 3))
  expect(projects.objects.list('Pod', project)).toHaveLength(2)
  expect(await projects.warnings(project)).toContain('exceeded quota: most')
})
