import { randomBytes } from 'node:crypto'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../support/free-port.ts'
import { until } from '../support/poll.ts'
import { testDatabase } from '../support/postgres.ts'
import { startServer, type ServerProcess } from '../support/server-process.ts'
import type { Slapd } from '../support/slapd.ts'
import { testTenantConfig } from '../support/tenant.ts'
import { idaas, main, type Ended } from '../main/program.ts'

export type Changes = NonNullable<Parameters<typeof testTenantConfig>[1]>
export type Installation = Awaited<ReturnType<typeof makeInstallation>>

export const robot = {
  id: 'cli',
  secret: 'robot-secret-robot-secret',
  grants: ['client_credentials' as const],
  apiScopes: ['people.read' as const, 'accounts.read' as const, 'accounts.manage' as const],
}

/** A configuration on disk with a database of its own, as an operator has one: everything is done by commands. */
export async function makeInstallation(
  slapd: Slapd,
  {
    database,
    keys = [randomBytes(32).toString('hex')],
    metricsPort,
    ...changes
  }: Changes & { database?: string; keys?: string[]; metricsPort?: number } = {},
) {
  const port = await freePort()
  const issuer = `http://localhost:${port}`
  const folder = await mkdtemp(join(tmpdir(), 'installation-'))
  const databaseUrl = database ?? (await testDatabase()).url
  const config = {
    version: 1,
    server: { host: '127.0.0.1', port, metricsPort },
    database: databaseUrl,
    keys,
    tenants: [testTenantConfig(slapd, { issuer, ...changes, clients: [robot, ...(changes.clients ?? [])] })],
  }
  await writeFile(join(folder, 'idaas.yaml'), JSON.stringify(config)) // JSON, which is YAML
  const env = { IDAAS_CONFIG: folder }
  const start = (command: string, more: Record<string, string> = {}, program = main): ServerProcess => {
    const log = join(folder, `${command}-${randomBytes(3).toString('hex')}.log`)
    const environment = { PATH: process.env['PATH'], ...env, ...more }
    return startServer({ path: process.execPath, env: environment }, [program, command], log)
  }
  return {
    folder,
    port,
    issuer,
    databaseUrl,
    keys,
    run: (...args: string[]): Promise<Ended> => idaas(args, env),
    /** Resolves when it is ready. `version`: the `main.ts` of another checkout. */
    async serve(more: Record<string, string> = {}, version = main): Promise<ServerProcess> {
      const server = start('serve', more, version)
      await until(() => isReady(server, more['PORT'] ?? String(port)), { within: 20_000, every: 30 })
      return server
    },
    work: () => start('worker'),
  }
}

async function isReady(server: ServerProcess, port: string): Promise<boolean> {
  if (server.ended() !== undefined) throw new Error(`serve ended: ${server.log()}`)
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null)
  return answer?.status === 200
}

/** The token of a program that may act on accounts. */
export async function robotToken(issuer: string): Promise<string> {
  const answer = await fetch(`${issuer}/oauth2/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${robot.id}:${robot.secret}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: robot.apiScopes.join(' ') }),
  })
  const body: unknown = await answer.json()
  const token =
    typeof body === 'object' && body !== null && 'access_token' in body ? body.access_token : undefined
  if (typeof token !== 'string') throw new Error(`no token: ${JSON.stringify(body)}`)
  return token
}
