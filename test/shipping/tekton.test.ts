import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import packageFile from '../../package.json' with { type: 'json' }
import { startProjects, type Projects } from './openshift/projects.ts'
import { deploy } from './overlay/render-base.ts'
import { resolveTool } from './tools/install-tools.ts'

const folder = join(deploy, 'tekton')
const taskFiles = readdirSync(join(folder, 'tasks')).map((file) => `tasks/${file}`)
const files = ['pipeline.yaml', 'run.yaml', ...taskFiles].map((file) => join(folder, file))

const step = z.looseObject({
  name: z.string(),
  image: z.string(),
  script: z.string(),
  securityContext: z.looseObject({}).optional(),
  computeResources: z.looseObject({ limits: z.looseObject({ memory: z.string() }) }).optional(),
  env: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
})
const task = z.object({
  kind: z.literal('Task'),
  metadata: z.object({ name: z.string() }),
  spec: z.looseObject({ steps: z.array(step), stepTemplate: step.partial().optional() }),
})
const tasks = files.flatMap((file) => {
  const { data } = task.safeParse(parse(readFileSync(file, 'utf8')))
  return data === undefined ? [] : [{ name: data.metadata.name, ...data.spec }]
})

let cluster: Projects
beforeAll(async () => {
  cluster = await startProjects()
  await cluster.succeed(['create', 'namespace', 'idaas-build'])
  await cluster.succeed(['apply', '-k', folder])
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
  const pipeline = readFileSync(join(folder, 'pipeline.yaml'), 'utf8')
  writeFileSync(broken, pipeline.replaceAll('tasks.build.results.digest', 'tasks.build.results.digset'))
  const { status, stdout } = await lint(broken, ...files.slice(1))
  expect(status).not.toBe(0)
  expect(stdout).toContain('digset')
})

test('all of it is applied at once, and the example of a run says this version', () => {
  expect(cluster.objects.list('Task', 'idaas-build')).toHaveLength(tasks.length)
  expect(cluster.objects.list('Pipeline', 'idaas-build')).toHaveLength(1)
  const run = readFileSync(join(folder, 'run.yaml'), 'utf8')
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
  const found = tasks.find((each) => each.name === name)
  const containers = found?.steps.map((each) => ({
    name: each.name,
    image: each.image,
    securityContext: { ...found.stepTemplate?.securityContext, ...each.securityContext },
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

test.for([
  ['registry.example.org/ubi9/node:latest', 'registry.example.org/ubi9/node'],
  ['harbor.example.org:8443/ubi9/node:24', 'harbor.example.org:8443/ubi9/node'],
  ['harbor.example.org:8443/ubi9/node', 'harbor.example.org:8443/ubi9/node'],
] as const)('%s is pinned by its digest', ([image, name]) => {
  const bin = mkdtempSync(join(tmpdir(), 'idaas-skopeo-'))
  writeFileSync(join(bin, 'skopeo'), '#!/bin/sh\necho sha256:abc\n', { mode: 0o755 })
  const script = tasks.find((each) => each.name === 'idaas-resolve-base')?.steps[0]?.script ?? ''
  const results = { BASE_FILE: join(bin, 'base'), BUILDER_FILE: join(bin, 'builder') }
  const env = { PATH: `${bin}:${process.env['PATH']}`, BASE: image, BUILDER: image, ...results }
  execFileSync('bash', ['--norc', '-c', script], { env, stdio: 'ignore' })
  expect(readFileSync(results.BASE_FILE, 'utf8')).toBe(`${name}@sha256:abc`)
})
