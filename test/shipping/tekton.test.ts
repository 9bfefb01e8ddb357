import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import packageFile from '../../package.json' with { type: 'json' }
import { startProjects, type Projects } from './openshift/projects.ts'
import { taskFiles, taskNamed, tasks, tektonFolder } from './tekton/tekton-tasks.ts'
import { resolveTool } from './tools/install-tools.ts'

const files = [join(tektonFolder, 'pipeline.yaml'), join(tektonFolder, 'run.yaml'), ...taskFiles]

let cluster: Projects
beforeAll(async () => {
  cluster = await startProjects()
  await cluster.succeed(['create', 'namespace', 'idaas-build'])
  await cluster.succeed(['apply', '-k', tektonFolder])
})
afterAll(async () => {
  await cluster.close()
})

async function lint(...of: readonly string[]) {
  const linter = await resolveTool('@ibm/tekton-lint/dist/lint.js')
  const env = { ...process.env, NODE_ENV: 'production' } // in a test, it always ends with 0
  return spawnSync(process.execPath, [linter, '--max-warnings', '0', ...of], { encoding: 'utf8', env })
}

test('tekton-lint has nothing to say', async () => {
  const { status, stdout } = await lint(...files)
  expect([status, stdout.trim()]).toEqual([0, ''])
})

test('tekton-lint would say that a result is not there', async () => {
  const broken = join(mkdtempSync(join(tmpdir(), 'idaas-tekton-')), 'pipeline.yaml')
  const pipeline = readFileSync(join(tektonFolder, 'pipeline.yaml'), 'utf8')
  writeFileSync(broken, pipeline.replaceAll('tasks.build.results.digest', 'tasks.build.results.digset'))
  const { status, stdout } = await lint(broken, ...files.slice(1))
  expect(status).not.toBe(0)
  expect(stdout).toContain('digset')
})

test('all of it is applied at once, and the example of a run says this version', () => {
  expect(cluster.objects.list('Task', 'idaas-build')).toHaveLength(tasks.length)
  expect(cluster.objects.list('Pipeline', 'idaas-build')).toHaveLength(1)
  const run = readFileSync(join(tektonFolder, 'run.yaml'), 'utf8')
  expect(run).toContain(`name: version, value: ${packageFile.version} }`)
  expect(run).toContain(`name: revision, value: v${packageFile.version} }`)
})

test('no parameter gets into a script but by its environment, where it is only a text', () => {
  for (const { name, steps } of tasks)
    for (const { script } of steps) expect(script, name).not.toMatch(/\$\((params|tasks|context)\b/)
})

test('every step has a limit of memory, and an image of a version', () => {
  for (const { name, steps, stepTemplate } of tasks)
    for (const { image, computeResources } of steps) {
      expect(computeResources ?? stepTemplate?.computeResources, name).toBeDefined()
      expect(image, name).toMatch(/:v?\d[\w.-]*$|^\$\(params\.builder\)$/)
    }
})

/** The pod that Tekton makes of a task, as far as admission looks. */
function podOf(name: string, serviceAccountName: string): string {
  const { steps, stepTemplate } = taskNamed(name)
  const containers = steps.map((each) => ({
    name: each.name,
    image: each.image,
    securityContext: { ...stepTemplate?.securityContext, ...each.securityContext },
  }))
  const metadata = { name: `${name}-${serviceAccountName}`, namespace: 'idaas-build' }
  const spec = { serviceAccountName, restartPolicy: 'Never', containers }
  return JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata, spec })
}

async function admittedBy(name: string, serviceAccount: string): Promise<unknown> {
  const { code, stderr } = await cluster.kubectl(['create', '-f', '-'], podOf(name, serviceAccount))
  if (code !== 0) return stderr
  const pod = cluster.objects.get('Pod', 'idaas-build', `${name}-${serviceAccount}`)
  return pod?.metadata.annotations?.['openshift.io/scc']
}

test('only the task that builds needs constraints of its own, and gets them by its ServiceAccount alone', async () => {
  const building = 'idaas-build-image'
  expect(await admittedBy(building, 'idaas-build')).toBe('idaas-build')
  expect(await admittedBy(building, 'idaas-pipeline')).toMatch(/runAsUser: Invalid value: 1000/)
  for (const { name } of tasks.filter((each) => each.name !== building))
    expect(await admittedBy(name, 'idaas-pipeline')).toBe('restricted-v2')
})
