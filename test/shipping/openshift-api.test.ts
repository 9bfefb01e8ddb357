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

test('apply changes what changed, drops what went and keeps what others set', async () => {
  const project = await projects.newProject()
  const env = (...names: string[]): object => ({
    containers: [container(restricted, { env: names.map((name) => ({ name, value: '1' })) })],
  })
  await projects.apply(project, deployment(env('A', 'B')))
  await projects.succeed(['annotate', 'deployment/server', 'seen=yes', '-n', project])
  const changed = deployment(env('B', 'C'))
  expect(await differences(project, changed)).toEqual([
    '-  generation: 1',
    '+  generation: 2',
    '-        - name: A',
    '-          value: "1"',
    '+        - name: C',
    '+          value: "1"',
  ])
  await projects.apply(project, deployment(env('B', 'C')))
  const names = [
    'get',
    'deployment',
    'server',
    '-n',
    project,
    '-o',
    'jsonpath={..env[*].name} {.metadata.annotations.seen}',
  ]
  expect(await projects.succeed(names)).toBe('B C yes')
  expect(await projects.apply(project, deployment(env('B', 'C')))).toContain('unchanged')
})

test('server-side apply drops what its manager no longer applies, and nothing else', async () => {
  const project = await projects.newProject()
  const map = (data: object): string =>
    JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data })
  const applyAs = (manager: string, data: object): Promise<string> =>
    projects.succeed(
      ['apply', '--server-side', '--field-manager', manager, '-n', project, '-f', '-'],
      map(data),
    )
  await applyAs('one', { a: '1', b: '1' })
  await applyAs('two', { c: '2' })
  await applyAs('one', { b: '1' })
  const data = ['get', 'configmap', 'settings', '-n', project, '-o', 'jsonpath={.data}']
  expect(JSON.parse(await projects.succeed(data))).toEqual({ b: '1', c: '2' })
})

test('a dry run stores nothing', async () => {
  const project = await projects.newProject()
  const manifest = JSON.stringify(deployment())
  await projects.succeed(['apply', '--dry-run=server', '-n', project, '-f', '-'], manifest)
  expect(projects.objects.list('Deployment', project)).toEqual([])
})

test('a selector cannot change', async () => {
  const project = await projects.newProject()
  await projects.apply(project, deployment())
  const other = JSON.parse(JSON.stringify(deployment()).replaceAll('"app":"server"', '"app":"other"'))
  await expect(projects.apply(project, other)).rejects.toThrow('field is immutable')
})

test('a host name belongs to the Route that had it first', async () => {
  const [one, two] = [await projects.newProject(), await projects.newProject()]
  const route = {
    apiVersion: 'route.openshift.io/v1',
    kind: 'Route',
    metadata: { name: 'server' },
    spec: { host: 'id.acme.example', to: { kind: 'Service', name: 'server' } },
  }
  await projects.apply(one, route)
  await projects.apply(two, route)
  const reason = (project: string) =>
    projects.succeed(['get', 'route', 'server', '-n', project, '-o', 'jsonpath={..conditions[0].reason}'])
  expect(await reason(one)).toBe('Double')
  expect(await reason(two)).toBe('HostAlreadyClaimed')
})

test('what is removed takes along what it owns', async () => {
  const project = await projects.newProject()
  await projects.apply(project, deployment())
  await projects.succeed(['delete', 'deployment', 'server', '-n', project])
  expect(projects.objects.list('ReplicaSet', project)).toEqual([])
  expect(projects.objects.list('Pod', project)).toEqual([])
})

test('labels select', async () => {
  const project = await projects.newProject()
  const map = (name: string, labels: object) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, labels },
  })
  await projects.apply(project, map('a', { tier: 'one' }), map('b', { tier: 'two', old: '' }), map('c', {}))
  const names = async (selector: string): Promise<string> =>
    await projects.succeed([
      'get',
      'configmap',
      '-n',
      project,
      '-l',
      selector,
      '-o',
      'jsonpath={.items[*].metadata.name}',
    ])
  expect(await names('tier=one')).toBe('a')
  expect(await names('tier!=one')).toBe('b c')
  expect(await names('tier in (one,two),!old')).toBe('a')
  expect(await names('old')).toBe('b')
})

/** The lines that `kubectl diff` marks. */
async function differences(project: string, manifest: object): Promise<string[]> {
  const { stdout } = await projects.kubectl(['diff', '-n', project, '-f', '-'], JSON.stringify(manifest))
  return stdout.split('\n').filter((line) => /^[-+] /.test(line))
}
