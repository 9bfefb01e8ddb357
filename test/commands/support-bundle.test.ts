import { execFileSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectDatabase } from '../../src/store/postgres.ts'
import { signedIn } from '../plugins/self-service/self-service-site.ts'
import { startSlapd, type Slapd } from '../support/slapd.ts'
import { makeInstallation, type Installation } from './installation.ts'

let slapd: Slapd
let site: Installation
const files = new Map<string, string>()
const planted = {
  clientSecret: 'planted-client-secret',
  scriptPassword: 'planted-in-a-script',
  connectionPassword: 'planted-connection',
  mail: 'planted.person@acme.example',
  message: 'planted words of an error',
  reason: 'planted reason of an agent',
}

beforeAll(async () => {
  slapd = await startSlapd()
  const base = `ou=people,${slapd.suffix}`
  site = await makeInstallation(slapd, {
    displayName: planted.reason,
    mailFrom: planted.mail,
    roles: [
      {
        name: 'guests',
        groups: [`cn=guests,${slapd.suffix}`],
        clients: ['cli'],
        permissions: ['account.read'],
        rank: 1,
      },
    ],
    clients: [{ id: 'wiki', secret: planted.clientSecret, redirectUris: ['https://wiki.example/cb'] }],
    sync: {
      connections: [
        {
          name: 'hr',
          kind: 'postgresql',
          url: `postgres://reader:${planted.connectionPassword}@127.0.0.1/hr`,
        },
      ],
      tasks: [
        {
          name: 'people',
          source: { directory: 'main', base, filter: `(mail=${planted.mail})` },
          destination: { directory: 'main', base },
          pivots: ['uid'],
          entryName: `dn\`uid=$\${source.uid},${base}\``,
          attributes: { uid: {}, name: { create: `"${planted.scriptPassword}"`, policy: 'keep' } },
        },
      ],
    },
  })
  await site.run('migrate')
  const server = await site.serve()
  await signedIn(site, 'alice')
  await site.run('maintenance', 'on', '--message-en', planted.reason)
  const database = connectDatabase(site.databaseUrl)
  await database.execute(`insert into sync_runs (id, tenant, task, kind, state, preview, requested_by, requested_at, counts, guards, failure_code, failure_detail)
    values (gen_random_uuid(), 'acme', 'people', 'full', 'failed', false, 'alice', now(), '{}', '[]', 'internal', '${planted.mail}')`)
  await database.close()
  const log = join(site.folder, 'kept.log')
  const err = {
    type: 'Error',
    code: 'E_X',
    message: planted.message,
    stack: `Error: ${planted.message}\n    at doIt (file:///app/src/x.ts:1:2)`,
  }
  const lines = [
    { level: 'info', time: 1, msg: 'all is well' },
    {
      level: 'error',
      time: 2,
      tenant: 'acme',
      requestId: 'r-1',
      path: '/desk/alice',
      msg: 'request failed',
      err,
    },
    { level: 'warn', time: 3, msg: `refused ${planted.mail}`, ip: '192.0.2.77' },
  ]
  await writeFile(log, `not JSON\n${lines.map((line) => JSON.stringify(line)).join('\n')}\n`)

  const out = join(site.folder, 'bundle.tar.gz')
  await site.run('support-bundle', '--out', out, '--log', log)
  await server.end('SIGTERM')
  const folder = await mkdtemp(join(site.folder, 'unpacked-'))
  execFileSync('tar', ['xzf', out, '-C', folder])
  for (const name of await readdir(folder)) files.set(name, await readFile(join(folder, name), 'utf8'))
})
afterAll(async () => await slapd.stop())

test('it holds what support needs', () => {
  expect([...files.keys()].toSorted()).toEqual([
    'about.json',
    'configuration.json',
    'database.json',
    'directories.json',
    'errors.jsonl',
    'metrics.txt',
    'runtime.json',
  ])
  const configuration = JSON.parse(files.get('configuration.json') ?? '')
  expect(configuration.tenants[0]).toMatchObject({
    name: 'acme',
    issuer: site.issuer,
    directories: [{ urls: [slapd.url], bind: { password: '[secret]' } }],
    recovery: { enabled: true, lifetime: 10 },
  })
  expect(configuration.keys).toBe('[secret]')
  expect(JSON.parse(files.get('database.json') ?? '')).toMatchObject({
    migrations: { pending: [] },
    rows: { acme: { signing_keys: 2 } },
    syncRuns: [{ state: 'failed', failureCode: 'internal' }],
    audit: expect.arrayContaining([
      { tenant: 'acme', action: 'sign-in', result: 'done', code: null, events: 1 },
    ]),
    maintenance: [{ tenant: 'acme', readOnly: false }],
  })
  expect(files.get('metrics.txt')).toContain('http_request_duration_seconds_count')
  expect(JSON.parse(files.get('runtime.json') ?? '').versions.node).toMatch(/^24\./)
  expect(JSON.parse(files.get('directories.json') ?? '').length).toBeGreaterThan(0)
  const errors = (files.get('errors.jsonl') ?? '')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(errors).toEqual([
    {
      time: 2,
      level: 'error',
      tenant: 'acme',
      requestId: 'r-1',
      msg: 'request failed',
      type: 'Error',
      code: 'E_X',
      places: ['    at doIt (file:///app/src/x.ts:1:2)'],
    },
    { time: 3, level: 'warn', places: [] },
  ])
})

test('it holds no secret and nothing of a person', () => {
  const whole = [...files.values()].join('\n')
  const secrets = [
    ...Object.values(planted),
    ...site.keys,
    slapd.appPassword,
    site.databaseUrl,
    'robot-secret',
  ]
  for (const secret of secrets) expect(whole.includes(secret), secret).toBe(false)
  for (const person of ['alice', 'Alice', 'MARTIN', 'elefevre', 'LEFÈVRE', '192.0.2.77'])
    expect(whole.includes(person), person).toBe(false)
})

test('it is made also when the database and the service are away, which it tells', async () => {
  const broken = await makeInstallation(slapd, { database: 'postgres://x:planted-away@127.0.0.1:1/none' })
  const out = join(broken.folder, 'bundle.tar.gz')
  expect(await broken.run('support-bundle', '--out', out)).toMatchObject({ code: 0 })
  const database = execFileSync('tar', ['xzOf', out, 'database.json'], { encoding: 'utf8' })
  expect(database).toBe('not to be had: Problem\n')
  expect(execFileSync('tar', ['xzOf', out, 'metrics.txt'], { encoding: 'utf8' })).toMatch(/^not to be had: /)
})
