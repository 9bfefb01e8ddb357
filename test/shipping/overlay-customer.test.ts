import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import packageFile from '../../package.json' with { type: 'json' }
import { readExpected } from '../../src/config/read-expected.ts'
import { startProjects, type Projects } from './openshift/projects.ts'
import { cloneCustomerRepository, type CustomerRepository } from './overlay/customer-repository.ts'
import { deploy } from './overlay/render-base.ts'
import { validate } from './tools.ts'

let cluster: Projects
let acme: CustomerRepository

// The tests below are one story, in their order: a customer is installed, upgraded, brought back, and changed.
beforeAll(async () => {
  cluster = await startProjects()
  acme = cloneCustomerRepository()
})
afterAll(async () => {
  await cluster.close()
})

const project = 'idaas-acme'
const kustomization = 'kustomization.yaml'
const { version } = packageFile
const example = join(deploy, 'customers/example')

async function images(): Promise<Set<string>> {
  const each = ['get', 'pods', '-n', project, '-o', 'jsonpath={..image}']
  return new Set((await cluster.succeed(each)).split(' '))
}

/** The lines that `diff -k` marks, but for the counter of changes. */
async function difference(): Promise<string[]> {
  const { stdout } = await cluster.kubectl(['diff', '-k', acme.folder])
  return stdout.split('\n').filter((line) => /^[-+] /.test(line) && !line.includes(' generation:'))
}

test('the example is short, and says this version', () => {
  const text = readFileSync(join(example, kustomization), 'utf8')
  expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(40)
  expect(text).toContain(`newTag: ${version} `)
})

test('its configuration has no fault, as its pipeline sees it: without secrets', () => {
  const main = join(import.meta.dirname, '../../src/main.ts')
  const args = [main, 'check', '--without-secrets', '--config', join(example, 'idaas')]
  expect(execFileSync(process.execPath, args, { encoding: 'utf8', stdio: 'pipe' })).toContain('no fault')
})

test('what it expects can be read', async () => {
  const { searches, claims } = await readExpected(join(example, 'expected.yaml'))
  expect([searches.length, claims.length]).toEqual([3, 1])
})

test('what it applies is valid, leaves nothing to fill in and names the registry with its port', async () => {
  const text = await cluster.succeed(['kustomize', acme.folder])
  expect(await validate(text)).toEqual([])
  expect(text).not.toMatch(/\binvalid\b/)
  expect(text).toContain(`image: harbor.acme.example:8443/idaas/idaas:${version}`)
})

test('a clone is installed by `apply -k`, and a second one changes nothing', async () => {
  await cluster.succeed(['create', 'namespace', project])
  await cluster.succeed(['apply', '-k', acme.folder])
  for (const name of ['idaas-server', 'idaas-worker'])
    await cluster.succeed(['rollout', 'status', `deployment/${name}`, '-n', project, '--timeout', '5s'])
  expect(cluster.objects.list('Pod', project)).toHaveLength(5)
  expect(cluster.objects.list('Event', project)).toEqual([]) // neither restricted-v2 nor the quota refused a pod
  const versions = (): (string | undefined)[] =>
    cluster.objects.list('Deployment', project).map(({ metadata }) => metadata.resourceVersion)
  const before = versions()
  await cluster.succeed(['apply', '-k', acme.folder])
  expect(versions()).toEqual(before)
  expect(await difference()).toEqual([])
})

test('an upgrade is one line, whose diff shows the tags of the images and nothing else', async () => {
  acme.commit(kustomization, `newTag: ${version} `, 'newTag: 9.9.9 ')
  const tag = (sign: string, of: string): string =>
    `${sign}        image: harbor.acme.example:8443/idaas/idaas:${of}`
  const change = [tag('-', version), tag('+', '9.9.9')]
  expect(await difference()).toEqual([...change, ...change, ...change, ...change]) // a container and the one that migrates, of two Deployments
  await cluster.succeed(['apply', '-k', acme.folder])
  expect(await images()).toEqual(new Set(['harbor.acme.example:8443/idaas/idaas:9.9.9']))
})

test('the way back is the same line', async () => {
  acme.git('revert', '--no-edit', 'HEAD')
  expect(await difference()).toHaveLength(8)
  await cluster.succeed(['apply', '-k', acme.folder])
  expect(await images()).toEqual(new Set([`harbor.acme.example:8443/idaas/idaas:${version}`]))
  expect(await difference()).toEqual([])
})

test('a change of the configuration rolls the pods out', async () => {
  const before = cluster.objects.list('Pod', project).map(({ metadata }) => metadata.name)
  acme.commit('idaas/tenant.yaml', 'displayName: Acme', 'displayName: Acme & Sons')
  await cluster.succeed(['apply', '-k', acme.folder])
  const after = cluster.objects.list('Pod', project).map(({ metadata }) => metadata.name)
  expect(after).toHaveLength(5)
  expect(after.filter((name) => before.includes(name))).toEqual([])
})

test('an image by digest is taken as it is', async () => {
  const digest = `sha256:${'a'.repeat(64)}`
  acme.commit(kustomization, `newTag: ${version} `, `digest: ${digest} `)
  expect(await cluster.succeed(['kustomize', acme.folder])).toContain(`idaas/idaas@${digest}`)
  acme.git('revert', '--no-edit', 'HEAD')
})

test('a canary is one server of the next version, which gets a tenth of the requests', async () => {
  acme.commit(kustomization, 'components:', 'components:\n  - product/deploy/components/canary')
  const next =
    '  - name: registry.invalid/idaas-canary\n    newName: harbor.acme.example:8443/idaas/idaas\n    newTag: 9.9.9'
  acme.commit(kustomization, 'images:', `images:\n${next}`)
  expect(await validate(await cluster.succeed(['kustomize', acme.folder]))).toEqual([])
  await cluster.succeed(['apply', '-k', acme.folder])
  const canaries = cluster.objects
    .list('Pod', project)
    .filter(({ metadata }) => metadata.labels?.['app.kubernetes.io/component'] === 'canary')
  expect(canaries).toHaveLength(1)
  expect(JSON.stringify(canaries)).toContain('idaas/idaas:9.9.9')
  expect(cluster.objects.list('Pod', project)).toHaveLength(6)
  const route = [
    'get',
    'route',
    'idaas',
    '-n',
    project,
    '-o',
    'jsonpath={.spec.to.weight} {.spec.alternateBackends}',
  ]
  expect(await cluster.succeed(route)).toBe('90 [{"kind":"Service","name":"idaas-canary","weight":10}]')
})

test('the small profile is valid, and rolls out within its quota', async () => {
  acme.git('checkout', '--quiet', 'HEAD~2') // without the canary
  acme.commit(kustomization, 'components/ha', 'components/small')
  acme.commit(kustomization, 'components/quota', 'components/quota-small')
  acme.commit(kustomization, 'namespace: idaas-acme', 'namespace: idaas-small')
  acme.commit(kustomization, 'value: id.acme.example', 'value: small.acme.example')
  expect(await validate(await cluster.succeed(['kustomize', acme.folder]))).toEqual([])
  await cluster.succeed(['create', 'namespace', 'idaas-small'])
  await cluster.succeed(['apply', '-k', acme.folder])
  acme.commit(kustomization, `newTag: ${version} `, 'newTag: 9.9.9 ')
  await cluster.succeed(['apply', '-k', acme.folder])
  expect(cluster.objects.list('Pod', 'idaas-small')).toHaveLength(3)
  expect(cluster.objects.list('Event', 'idaas-small')).toEqual([])
})
