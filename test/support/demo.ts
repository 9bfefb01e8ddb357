import { randomUUID } from 'node:crypto'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from './free-port.ts'
import { until } from './poll.ts'
import { startServer, type ServerProcess } from './server-process.ts'

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

export type DemoPlace = { dataDir: string; port: number; ldapPort: number }
export type Demo = DemoPlace & { issuer: string; process: ServerProcess; stop(): Promise<void> }

/** A folder and ports of its own for a demo. */
export async function demoPlace(): Promise<DemoPlace> {
  const dataDir = await mkdtemp(join(tmpdir(), 'demo-'))
  return { dataDir, port: await freePort(), ldapPort: await freePort() }
}

/** The words that start a demo. */
export const idaasDemo = [process.execPath, main, 'demo'] as const
export type Command = readonly [program: string, ...args: string[]]

/** Starts a demo, ready or not. */
export function launchDemo(
  { dataDir, port, ldapPort }: DemoPlace,
  [path, ...args]: Command = idaasDemo,
): ServerProcess {
  const env = {
    PATH: process.env['PATH'],
    IDAAS_DATA: dataDir,
    PORT: String(port),
    IDAAS_LDAP_PORT: String(ldapPort),
  }
  return startServer({ path, env }, args, `${dataDir}-${randomUUID()}.log`)
}

/** Starts the demo and waits until it says that it is ready. */
export async function startDemo(place?: DemoPlace, command?: Command): Promise<Demo> {
  const where = place ?? (await demoPlace())
  const server = launchDemo(where, command)
  await until(() => server.ended() !== undefined || server.log().includes('Ctrl-C ends it'), {
    within: 40_000,
    every: 20,
  })
  if (server.ended() !== undefined) throw new Error(`the demo ended: ${server.log()}`)
  return {
    ...where,
    issuer: `http://localhost:${where.port}`,
    process: server,
    stop: () => server.end('SIGTERM'),
  }
}
