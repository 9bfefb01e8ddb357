import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { loadConfig } from '../../src/config/load.ts'
import { render, renderText, runHelm, chart, type Example, type Rendered } from './render-chart.ts'
import { helm3, helm4 } from './tools.ts'

const deployment = z.object({
  metadata: z.looseObject({ name: z.string() }),
  spec: z.object({
    replicas: z.number().optional(),
    template: z.object({
      metadata: z.looseObject({ annotations: z.record(z.string(), z.string()) }),
      spec: z.looseObject({
        securityContext: z.record(z.string(), z.unknown()),
        initContainers: z.array(z.looseObject({ name: z.string(), args: z.array(z.string()) })).default([]),
        containers: z.array(z.looseObject({ name: z.string(), image: z.string() })),
        volumes: z.array(z.looseObject({ name: z.string() })),
      }),
    }),
  }),
})

function named(objects: readonly Rendered[], kind: string): Map<string, Rendered> {
  const own = objects.filter((object) => object.kind === kind)
  return new Map(own.map((object) => [object.metadata?.name ?? '', object]))
}

async function serverOf(example: Example, ...args: readonly string[]) {
  return deployment.parse(named(await render(example, ...args), 'Deployment').get('acme-idaas-server')).spec
}

describe.for([
  ['3.18', helm3],
  ['4.1', helm4],
] as const)('helm %s refuses', ([, helm]) => {
  test.for([
    ['a misspelt key', 'server.replica=2', /server.*replica.*not allowed/],
    ['a key that never was', 'bogus.key=1', /bogus.*not allowed/],
    [
      'a number in words',
      'server.replicas=two',
      /replicas.*got string, want integer|replicas.*Expected: integer/,
    ],
    ['a floating tag', 'image.tag=latest', /image.tag/],
    ['a digest that is none', 'image.digest=sha256:abc', /image.digest/],
    [
      'a termination that no router knows',
      'route.tls.termination=egde',
      /termination.*(must be one of|one of)/,
    ],
    ['an address where a host name belongs', 'hosts[0]=https://id.acme.example', /hosts/],
    ['a mode of migrations that is none', 'migrations.mode=auto', /migrations.mode/],
    ['a port out of range', 'networkPolicy.egress.destinations.directory.ports[0]=70000', /ports/],
  ] as const)('%s', async ([, wrong, complaint]) => {
    const said = renderText('openshift', ['--set', wrong], await helm())
    await expect(said).rejects.toThrow(complaint)
  })
})

test('what a release lacks is said all at once, each with what to do', async () => {
  const said = runHelm(await helm4(), ['template', 'acme', chart])
  await expect(said).rejects.toThrow(
    /4 to mend in the values:\s+image\.registry: .*\s+hosts: .*\s+config\.existingSecrets: .*\s+config: /,
  )
})

test.for([
  ['route.tls.termination=passthrough', /needs a container in server.extraContainers/],
  ['httpRoute.enabled=true', /httpRoute.parentRefs: name the Gateway/],
  ['config.create=false', /config.files: nothing mounts them/],
  ['server.resources.limits.memory=null', /server.resources.limits.memory: set it/],
] as const)('values that do not go together are refused: %s', async ([wrong, complaint]) => {
  await expect(renderText('openshift', ['--set', wrong])).rejects.toThrow(complaint)
})

test.for([
  'config.files.acme\\.yaml.directories[0].bind.password=hunter2',
  'config.files.installation\\.yaml.database=postgres://idaas:hunter2@db/idaas',
  'config.files.installation\\.yaml.keys[0]=hunter2',
  'config.files.installation\\.yaml.mail.url=smtps://idaas:hunter2@mail.acme.example',
])('a secret in the files of the ConfigMap is refused, and not shown: %s', async (wrong) => {
  const said = await renderText('openshift', ['--set', wrong]).catch(String)
  expect(said).toMatch(/config.files: \w+.yaml holds a secret/)
  expect(said.slice(said.indexOf('to mend'))).not.toContain('hunter2')
})

describe('on OpenShift', () => {
  test('no user id is named: the namespace gives one', async () => {
    const { template } = await serverOf('openshift')
    expect(template.spec.securityContext).not.toHaveProperty('runAsUser')
  })

  test('"auto" asks the cluster which it is', async () => {
    const auto = ['--set', 'openshift.enabled=auto']
    const elsewhere = await serverOf('openshift', ...auto)
    expect(elsewhere.template.spec.securityContext).toMatchObject({ runAsUser: 1001, runAsGroup: 0 })
    const there = await serverOf('openshift', ...auto, '--api-versions', 'route.openshift.io/v1')
    expect(there.template.spec.securityContext).not.toHaveProperty('runAsUser')
  })

  test('each router publishes each host name, all for one Service', async () => {
    const routes = named(await render('everything'), 'Route')
    const whole = [...routes].filter(([, { spec }]) => !Object.hasOwn(Object(spec), 'path'))
    const placed = whole.map(([name, { spec }]) => [name, Object(spec).host, Object(spec).to.name])
    expect(placed).toEqual([
      ['acme-idaas-internal', 'id.acme.example', 'acme-idaas'],
      ['acme-idaas-internal-1', 'sso.acme.example', 'acme-idaas'],
      ['acme-idaas-internet', 'id.acme.example', 'acme-idaas'],
      ['acme-idaas-internet-1', 'sso.acme.example', 'acme-idaas'],
    ])
  })

  test('a restricted path names its networks for old routers too: those would let everyone in', async () => {
    const route = named(await render('everything'), 'Route').get('acme-idaas-internet-only-0')
    expect(route).toMatchObject({
      metadata: {
        annotations: {
          'haproxy.router.openshift.io/ip_allowlist': '10.0.0.0/8 192.168.0.0/16',
          'haproxy.router.openshift.io/ip_whitelist': '10.0.0.0/8 192.168.0.0/16',
          'haproxy.router.openshift.io/timeout': '30s',
        },
      },
      spec: { path: '/desk', host: 'id.acme.example' },
    })
  })
})

test('the files of the configuration are one that the program starts with, on the ports that the pods name', async () => {
  const map = named(await render('openshift'), 'ConfigMap').get('acme-idaas-config')
  const files = z.object({ data: z.record(z.string(), z.string()) }).parse(map).data
  const folder = await mkdtemp(join(tmpdir(), 'idaas-chart-'))
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  const { config } = await loadConfig({
    IDAAS_CONFIG: folder,
    DATABASE: 'postgres://idaas@db/idaas',
    KEY: '2b7e151628aed2a6abf7158809cf4f3c762e7160f38b4da56a784d9045190cfe',
    LDAP_PASSWORD: 'secret',
  })
  expect(config.server).toMatchObject({ port: 8080, metricsPort: 9464, trustedProxyHops: 1 })
  expect(config.tenants.map(({ issuer }) => issuer)).toEqual(['https://id.acme.example'])
})

describe('pods', () => {
  test('are started anew when the configuration has changed, and only then', async () => {
    const sum = async (...args: string[]) =>
      (await serverOf('openshift', ...args)).template.metadata.annotations['checksum/config']
    const first = await sum()
    expect(await sum('--set', 'worker.replicas=3')).toBe(first)
    expect(await sum('--set', 'server.settings.logLevel=debug')).not.toBe(first)
  })

  test('run the version of the chart, another tag, or a digest before all', async () => {
    const image = async (...args: string[]) =>
      (await serverOf('kubernetes', ...args)).template.spec.containers[0]?.image
    const digest = `sha256:${'0'.repeat(64)}`
    expect(await image()).toMatch(/^harbor\.example\.org:8443\/idaas\/idaas:\d+\.\d+\.\d+$/)
    expect(await image('--set', 'image.tag=9.9.9')).toBe('harbor.example.org:8443/idaas/idaas:9.9.9')
    expect(await image('--set', `image.tag=9.9.9,image.digest=${digest}`)).toBe(
      `harbor.example.org:8443/idaas/idaas@${digest}`,
    )
    expect(await image('--set', 'global.imageRegistry=mirror.example.org')).toMatch(
      /^mirror\.example\.org\/idaas:/,
    )
  })

  test('are counted by one only: replicas, or the autoscaler', async () => {
    expect((await serverOf('openshift')).replicas).toBe(2)
    expect((await serverOf('openshift', '--set', 'server.autoscaling.enabled=true')).replicas).toBeUndefined()
  })

  test('that are alone have no budget that would block the drain of their node', async () => {
    const budgets = async (...args: string[]) => [
      ...named(await render('openshift', ...args), 'PodDisruptionBudget').keys(),
    ]
    expect(await budgets()).toEqual(['acme-idaas-server'])
    expect(await budgets('--set', 'server.replicas=1,worker.replicas=2')).toEqual(['acme-idaas-worker'])
  })
})

describe('migrations', () => {
  test('are a hook that brings its own copy of the configuration: the release has none yet', async () => {
    const objects = await render('openshift')
    const job = JSON.stringify(named(objects, 'Job').get('acme-idaas-migrate'))
    expect(job).toContain('"helm.sh/hook":"pre-install,pre-upgrade"')
    expect(job).toContain('"name":"acme-idaas-config-migrate"')
    const copy = named(objects, 'ConfigMap').get('acme-idaas-config-migrate')
    const own = named(objects, 'ConfigMap').get('acme-idaas-config')
    expect(copy).toMatchObject({
      data: own?.['data'],
      metadata: { annotations: { 'helm.sh/hook-weight': '-5' } },
    })
  })

  test('are an init container of every pod where there are no hooks', async () => {
    const objects = await render('openshift', '--set', 'migrations.mode=init')
    expect(named(objects, 'Job').size).toBe(0)
    for (const object of named(objects, 'Deployment').values())
      expect(deployment.parse(object).spec.template.spec.initContainers).toMatchObject([
        { name: 'migrate', args: ['migrate'] },
      ])
  })
})

test('egress is closed but for what is listed by name, and DNS', async () => {
  const policy = named(await render('everything'), 'NetworkPolicy').get('acme-idaas')
  const { egress } = z
    .object({
      spec: z.object({
        egress: z.array(z.looseObject({ ports: z.array(z.object({ port: z.number() })).default([]) })),
      }),
    })
    .parse(policy).spec
  const ports = egress.flatMap((rule) => rule.ports.map(({ port }) => port))
  expect(new Set(ports)).toEqual(new Set([53, 5353, 5432, 636, 6379, 25, 465, 587]))
  expect(egress).toContainEqual({
    ports: [{ port: 636 }],
    to: [{ ipBlock: { cidr: '10.1.0.0/24' } }],
  })
})
