import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { startEmbeddedPostgres } from '../../src/store/embedded-postgres.ts'
import { freePort } from '../support/free-port.ts'
import type { PeopleOptions } from '../support/people-ldif.ts'
import { until } from '../support/poll.ts'
import { startRedis } from '../support/redis.ts'
import { startServer } from '../support/server-process.ts'
import { startSlapd, type Slapd } from '../support/slapd.ts'
import { testTenantConfig } from '../support/tenant.ts'
import { createVisitor } from './http-visitor.ts'

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

export const client = {
  id: 'cli',
  secret: 'cli-secret-cli-secret-cli-secret',
  redirectUri: 'http://localhost:1/callback',
} as const

/** `idaas serve` as in production, over servers of its own: slapd, PostgreSQL (durable), Redis. */
export type Site = {
  readonly origin: string
  readonly people: number
  readonly slapd: Slapd
  readonly servePid: number
  readonly slapdPid: number
  stop(): Promise<void>
}

export type SiteOptions = {
  readonly seed: PeopleOptions
  /** Where the profile of the serving process goes (`node --cpu-prof`), from its start to its end. */
  readonly profile?: string | undefined
}

/**
 * Resolves when everyone is in memory. NODE_OPTIONS and NODE_COMPILE_CACHE of the bench hold for the service
 * too. What was started is ended when a later part does not start.
 */
export async function startSite({ seed, profile }: SiteOptions): Promise<Site> {
  const dir = await mkdtemp(join(tmpdir(), 'bench-'))
  const stops: (() => Promise<unknown>)[] = [() => rm(dir, { recursive: true, force: true })]
  const stop = async (): Promise<void> => {
    for (let end = stops.pop(); end !== undefined; end = stops.pop()) await end()
  }
  try {
    const slapd = await startSlapd({ seed, ...(seed.argon2 === true && { passwordHash: '{ARGON2}' }) })
    stops.push(() => slapd.stop())
    const postgres = await startEmbeddedPostgres(dir)
    stops.push(() => postgres.stop())
    const redis = await startRedis()
    stops.push(() => redis.stop())
    const port = await freePort()
    const config = join(dir, 'idaas.yaml')
    await writeFile(config, siteConfig(port, slapd, { database: postgres.url, redis: redis.url }))
    const { PATH, NODE_OPTIONS, NODE_COMPILE_CACHE } = process.env
    const env = { PATH, NODE_OPTIONS, NODE_COMPILE_CACHE, IDAAS_CONFIG: config, NODE_ENV: 'production' }
    await promisify(execFile)(process.execPath, [main, 'migrate'], { env })
    const profiling = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]
    const flags = ['--max-semi-space-size=8', ...profiling] // as the scripts of package.json start it
    const log = join(dir, 'serve.log')
    const server = startServer({ path: process.execPath, env }, [...flags, main, 'serve'], log)
    stops.push(() => server.end('SIGTERM'))
    const origin = `http://localhost:${port}`
    await untilEveryoneIsThere(origin, seed.people, () => {
      if (server.ended() !== undefined) throw new Error(`serve ended: ${server.log()}`)
    })
    const slapdPid = Number(await readFile(join(slapd.dir, 'slapd.pid'), 'utf8'))
    return { origin, people: seed.people, slapd, servePid: server.pid, slapdPid, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** A configuration for the service on that port. JSON, which is YAML. */
export function siteConfig(port: number, slapd: Slapd, stores: { database: string; redis: string }): string {
  const { id, secret, redirectUri } = client
  const tenant = testTenantConfig(slapd, {
    issuer: `http://localhost:${port}`,
    whitePages: { access: 'public' },
    clients: [
      {
        id,
        secret,
        redirectUris: [redirectUri],
        grants: ['authorization_code', 'refresh_token', 'client_credentials'],
        scopes: ['openid', 'profile', 'email'],
        apiScopes: ['accounts.read', 'accounts.manage'],
        consent: 'implied',
      },
    ],
  })
  return JSON.stringify({
    version: 1,
    server: { host: '127.0.0.1', port, logLevel: 'info' },
    database: stores.database,
    ephemeral: { kind: 'redis', url: stores.redis },
    keys: [randomBytes(32).toString('hex')],
    tenants: [tenant],
  })
}

/** Waits until the service finds as many; `check` throws when it never will. */
async function untilEveryoneIsThere(origin: string, people: number, check: () => void): Promise<void> {
  const visitor = createVisitor(origin)
  const condition = async (): Promise<boolean> => {
    const { status, text } = await visitor.get('/api/v1/people?q=&limit=1', { accept: 'application/json' })
    return status === 200 && text.includes(`"total":${people}`)
  }
  await until(
    async () => {
      check()
      return await condition().catch(() => false)
    },
    { within: 60_000, every: 200 },
  )
  visitor.close()
}
