import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ApiObject } from './openshift/api-object.ts'
import { startProjects, type Projects } from './openshift/projects.ts'
import { succeeded } from './openshift/operator.ts'
import { chart, valuesFile } from './render-chart.ts'
import { helm3, helm4 } from './tools.ts'

let cluster: Projects

beforeAll(async () => {
  cluster = await startProjects()
})
afterAll(async () => {
  await cluster.close()
})

// A story in its order, told twice: install, test, upgrade, go back, uninstall.
describe.for([
  ['3.18', helm3, '--atomic'],
  ['4.1', helm4, '--rollback-on-failure'],
] as const)('helm %s', ([, program, orBack]) => {
  let project: string

  beforeAll(async () => {
    project = await cluster.newProject()
  })

  async function helm(...args: readonly string[]): Promise<string> {
    return succeeded(await cluster.run(await program(), [...args, '--namespace', project]))
  }

  const release = ['acme', chart, '--values', valuesFile('openshift')]
  const waiting = ['--wait', '--timeout', '20s']

  async function imagesOf(): Promise<string[]> {
    const path = 'jsonpath={.items[*].spec.containers[*].image}'
    const running = ['get', 'pods', '-n', project, '--field-selector', 'status.phase=Running', '-o', path]
    return [...new Set((await cluster.succeed(running)).split(' '))].map((image) => image.replace(/.*:/, ''))
  }

  test('installs the release, migrates the database first, and waits until it is there', async () => {
    const said = await helm('install', ...release, ...waiting)
    expect(said).toContain('STATUS: deployed')
    const pods = ['get', 'pods', '-n', project, '-o', 'jsonpath={.items[*].metadata.annotations}']
    expect(await cluster.succeed(pods)).toContain('"openshift.io/scc":"restricted-v2"')
    expect(cluster.log.join('\n')).toMatch(new RegExp(`namespaces/${project}/jobs.* 201`))
    expect(cluster.objects.list('Event', project)).toEqual([])
    expect(cluster.objects.list('Route', project)).toHaveLength(1)
  })

  test('tests it', async () => {
    expect(await helm('test', 'acme')).toMatch(/Phase:\s+Succeeded/)
  })

  test('upgrades it to another tag', async () => {
    await helm('upgrade', ...release, '--set', 'image.tag=9.9.9', ...waiting, orBack)
    expect(await imagesOf()).toEqual(['9.9.9'])
  })

  test('goes back by itself from an upgrade whose pods are refused', async () => {
    const sidecar = { name: 'sidecar', image: 'sidecar:1', securityContext: { privileged: true } }
    const refused = ['--set-json', `server.extraContainers=[${JSON.stringify(sidecar)}]`]
    const upgrade = helm('upgrade', ...release, ...refused, '--wait', '--timeout', '3s', orBack)
    await expect(upgrade).rejects.toThrow(/timed out|context deadline|not ready/i)
    expect(await imagesOf()).toEqual(['9.9.9'])
  })

  test('goes back to the first revision', async () => {
    await helm('rollback', 'acme', '1', ...waiting)
    expect(await imagesOf()).toEqual([
      JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version,
    ])
  })

  test('uninstalls it, and nothing of it stays', async () => {
    await helm('uninstall', 'acme')
    const kinds = ['Deployment', 'Pod', 'Job', 'ConfigMap', 'Route', 'Service', 'Secret', 'NetworkPolicy']
    expect(kinds.flatMap((kind) => cluster.objects.list(kind, project).map(describeObject))).toEqual([])
  })
})

/** Installs it into a project, with what the values say about OpenShift. */
async function installWith(
  isOpenshift: 'auto' | 'false',
  project: string,
  timeout: string,
  ...more: readonly string[]
) {
  const values = ['--values', valuesFile('openshift'), '--set', `openshift.enabled=${isOpenshift}`]
  const args = ['install', 'acme', chart, ...values, '--namespace', project, '--wait', '--timeout', timeout]
  return await cluster.run(await helm4(), [...args, ...more])
}

test('what OpenShift would refuse is refused: the user id that other clusters get', async () => {
  const project = await cluster.newProject()
  const { code } = await installWith('false', project, '2s', '--no-hooks')
  expect(code).not.toBe(0)
  expect(await cluster.warnings(project)).toMatch(/runAsUser: Invalid value: 1001: must be in the ranges/)
})

test('a cluster that has Routes is known for an OpenShift', async () => {
  const project = await cluster.newProject()
  succeeded(await installWith('auto', project, '20s'))
  expect(await cluster.warnings(project)).toBe('')
})

function describeObject({ kind, metadata }: ApiObject): string {
  return `${kind} ${metadata.name}`
}
