import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { until } from '../support/poll.ts'
import { testDatabase } from '../support/postgres.ts'
import { testRedis } from '../support/redis.ts'
import { programOf, runtime } from '../support/runtime.ts'
import { startServer, type ServerProcess } from '../support/server-process.ts'
import { startSlapd, type Slapd } from '../support/slapd.ts'
import { testTenantConfig } from '../support/tenant.ts'
import { idaas, main, start as run } from './program.ts'

let slapd: Slapd
let mailServer: SMTPServer
let issuer: string
let env: { IDAAS_CONFIG: string }
let folder: string
let workerPort: number
const cli = { id: 'cli', secret: randomBytes(32).toString('hex'), grants: ['client_credentials' as const] }
const mails: string[] = []

beforeAll(async () => {
  slapd = await startSlapd()
  mailServer = new SMTPServer({
    authOptional: true,
    hideSTARTTLS: true,
    onData(stream, _session, done) {
      const lines: string[] = []
      stream.setEncoding('utf8').on('data', (part: string) => lines.push(part))
      stream.on('end', () => {
        mails.push(lines.join(''))
        done()
      })
    },
  })
  const mailPort = await freePort()
  mailServer.listen(mailPort, '127.0.0.1')
  await once(mailServer.server, 'listening')
  const port = await freePort()
  issuer = `http://localhost:${port}`
  folder = await mkdtemp(join(tmpdir(), 'serve-'))
  const config = {
    version: 1,
    server: { host: '127.0.0.1', port },
    database: (await testDatabase()).url,
    ephemeral: { kind: 'redis', url: await testRedis() },
    keys: [randomBytes(32).toString('hex')],
    mail: { url: `smtp://127.0.0.1:${mailPort}` },
    tenants: [tenantWithoutKind({ issuer, whitePages: { access: 'public' }, clients: [cli] })],
  }
  // JSON, which is YAML.
  await writeFile(join(folder, 'idaas.yaml'), JSON.stringify(config))
  workerPort = await freePort()
  await mkdir(join(folder, '.worker'))
  const own = { ...config, server: { host: '127.0.0.1', metricsPort: workerPort } }
  await writeFile(join(folder, '.worker/idaas.yaml'), JSON.stringify(own))
  env = { IDAAS_CONFIG: folder }
})
afterAll(async () => {
  await new Promise<void>((done) => mailServer.close(done))
  await slapd.stop()
})

/** The server is asked what it is. */
function tenantWithoutKind(changes: Parameters<typeof testTenantConfig>[1], url = slapd.url) {
  const tenant = testTenantConfig({ ...slapd, url }, changes)
  return { ...tenant, directories: tenant.directories.map(({ kind: _, ...directory }) => directory) }
}

const start = (program: string, command: string, ...args: string[]): ServerProcess =>
  startServer(
    { path: process.execPath, env: { PATH: process.env['PATH'], ...env } },
    [program, command, ...args],
    join(folder, `${command}.log`),
  )

const ready = async () => {
  const answer = await fetch(`${issuer}/readyz`).catch(() => null)
  return answer?.status === 200
}

const programs: [place: string, program: () => Promise<string>][] = [
  ['a checkout', async () => main],
  ['the image', async () => programOf(await runtime())],
]

test.each(programs)(
  'serve of %s answers and its worker sends, on a migrated database; SIGTERM ends both',
  async (_, made) => {
    const program = await made()
    expect(await run([program, 'migrate'], env).ended).toMatchObject({ code: 0 })
    const processes = [start(program, 'serve'), start(program, 'worker', '--config', join(folder, '.worker'))]
    await until(ready, { within: 20_000, every: 50 })
    const found = await fetch(`${issuer}/api/v1/people?q=lefevre`)
    expect([found.status, JSON.stringify(await found.json())]).toEqual([
      200,
      expect.stringContaining('elefevre'),
    ])

    const asked = await fetch(`${issuer}/api/v1/recovery`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ identifier: 'elefevre' }),
    })
    expect(asked.status).toBe(202)
    const mail = await until(() => mails.shift(), { within: 15_000, every: 50 })
    expect(mail).toContain('/recover/finish')

    const ofWorker = async (path: string) => await fetch(`http://127.0.0.1:${workerPort}${path}`)
    expect((await ofWorker('/livez')).status).toBe(200)
    expect(await (await ofWorker('/readyz')).json()).toMatchObject({
      status: 'ok',
      checks: { database: { state: 'up' }, queue: { state: 'up' } },
    })
    expect(await (await ofWorker('/metrics')).text()).toContain('idaas_ready 1')

    expect(await stylesOf(`${issuer}/people`)).toContain('--pico-')

    for (const each of processes) await each.end('SIGTERM')
    expect(processes.map((each) => each.ended())).toEqual(['0', '0'])
  },
  60_000,
)

/** The style sheet of a page. */
async function stylesOf(page: string): Promise<string> {
  const text = await (await fetch(page, { headers: { accept: 'text/html' } })).text()
  const [, path] = /<link rel="stylesheet" href="([^"]+)"/.exec(text) ?? []
  return await (await fetch(new URL(path ?? '', page))).text()
}

test('a start that cannot learn what a directory is says so in one line, and ends', async () => {
  const nobody = `ldap://127.0.0.1:${await freePort()}`
  const config = JSON.stringify({
    version: 1,
    database: 'postgres://nobody@127.0.0.1:1/none',
    keys: [randomBytes(32).toString('hex')],
    tenants: [tenantWithoutKind({ clients: [cli] }, nobody)],
  })
  const file = join(folder, 'unknown.yaml')
  await writeFile(file, config)
  const ended = await idaas(['serve', '--config', file])
  expect(ended).toEqual({
    code: 1,
    stdout: '',
    stderr:
      'directory main of tenant acme: no server answers, so that its product is not known. Set `kind`, or start again when one answers.\n',
  })
})
