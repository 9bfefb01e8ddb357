import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { loadConfig } from '../../src/config/load.ts'
import { cloneCustomerRepository } from './overlay/customer-repository.ts'
import { parseManifests } from './tools/validate-manifests.ts'
import { kubectl } from './tools.ts'

const named = z.object({ name: z.string(), optional: z.boolean().default(false) })
const container = z.object({ volumeMounts: z.array(z.object({ name: z.string(), mountPath: z.string() })) })
const deploymentSchema = z.object({
  kind: z.literal('Deployment'),
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    template: z.object({
      spec: z.object({
        initContainers: z.array(container),
        containers: z.array(container),
        volumes: z.array(
          z.object({
            name: z.string(),
            configMap: named.optional(),
            projected: z.object({ sources: z.array(z.object({ configMap: named })) }).optional(),
          }),
        ),
      }),
    }),
  }),
})
const configMapSchema = z.object({
  kind: z.literal('ConfigMap'),
  metadata: z.object({ name: z.string() }),
  data: z.record(z.string(), z.string()),
})

let deployments: z.infer<typeof deploymentSchema>[]
let files: ReadonlyMap<string, Readonly<Record<string, string>>>

beforeAll(async () => {
  const { folder } = cloneCustomerRepository()
  const text = execFileSync(await kubectl(), ['kustomize', folder], {
    encoding: 'utf8',
    maxBuffer: 50_000_000,
  })
  const manifests = parseManifests(text)
  deployments = manifests
    .filter(({ kind }) => kind === 'Deployment')
    .map((each) => deploymentSchema.parse(each))
  const maps = manifests.flatMap((each) => configMapSchema.safeParse(each).data ?? [])
  files = new Map(maps.map(({ metadata, data }) => [metadata.name, data]))
})

/** What the kubelet lays out for a pod below /etc/idaas. */
async function mount(deployment: (typeof deployments)[number], without: RegExp): Promise<string> {
  const { containers, volumes } = deployment.spec.template.spec
  const root = await mkdtemp(join(tmpdir(), 'idaas-pod-'))
  const mounts = containers.flatMap(({ volumeMounts }) => volumeMounts)
  for (const { name, mountPath } of mounts.filter((each) => each.mountPath.startsWith('/etc/idaas'))) {
    const volume = volumes.find((each) => each.name === name)
    const sources = volume?.configMap ?? volume?.projected?.sources.map(({ configMap }) => configMap) ?? []
    await mkdir(join(root, mountPath), { recursive: true })
    for (const source of [sources].flat()) {
      const data = without.test(source.name) ? undefined : files.get(source.name)
      if (data === undefined && !source.optional) throw new Error(`the pod waits for ${source.name}`)
      for (const [file, text] of Object.entries(data ?? {}))
        await writeFile(join(root, mountPath, file), text)
    }
  }
  return join(root, '/etc/idaas')
}

const load = async (folder: string) =>
  await loadConfig({
    IDAAS_CONFIG: folder,
    DATABASE: 'postgres://idaas@db/idaas',
    REDIS: 'redis://cache',
    KEY: '2b7e151628aed2a6abf7158809cf4f3c762e7160f38b4da56a784d9045190cfe',
    LDAP_PASSWORD: 'service-password',
    CLOUD_SECRET: 'cloud-secret',
  })

test('every pod finds the branding where the repository has it: beside what names it', async () => {
  expect(deployments.map(({ metadata }) => metadata.name).toSorted()).toEqual([
    'idaas-server',
    'idaas-worker',
  ])
  for (const deployment of deployments) {
    const folder = await mount(deployment, /^$/)
    const { config } = await load(folder)
    expect(config.tenants[0]?.branding).toMatchObject({
      logo: join(folder, 'branding/logo.svg'),
      accessibility: { state: 'non-compliant', fr: join(folder, 'branding/accessibility.fr.md') },
    })
    const { initContainers, containers } = deployment.spec.template.spec
    expect(initContainers[0]?.volumeMounts).toEqual(containers[0]?.volumeMounts)
  }
})

test('a customer without branding has pods that start all the same, with our colours', async () => {
  for (const deployment of deployments) {
    const { config } = await load(await mount(deployment, /^idaas-branding/))
    expect(config.tenants[0]?.branding).toEqual({ logoHasName: false, links: [] })
  }
})
