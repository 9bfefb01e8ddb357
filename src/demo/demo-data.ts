import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { commandText } from '../messages/command-text.ts'
import { CannotStart } from '../problems/cannot-start.ts'
import { codeOf } from '../problems/thrown.ts'

/** Where the demo keeps its data and listens, as the environment says. */
export type DemoSettings = { dataDir: string; port: number; ldapPort: number }

/** Throws CannotStart, which names the setting, for a port that is none. */
export function demoSettings(env: NodeJS.ProcessEnv): DemoSettings {
  return {
    dataDir: demoDataDir(env),
    port: portOf('PORT', env['PORT'] ?? '8080'),
    ldapPort: portOf('IDAAS_LDAP_PORT', env['IDAAS_LDAP_PORT'] ?? '1389'),
  }
}

export function demoDataDir(env: NodeJS.ProcessEnv): string {
  return resolve(env['IDAAS_DATA'] ?? 'data')
}

/** The demo's secret keys: made at the first start, so that two demos share none. */
export async function demoKeys(dataDir: string): Promise<string[]> {
  const file = join(dataDir, 'keys')
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  try {
    await writeFile(file, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  }
  return (await readFile(file, 'utf8')).trim().split('\n')
}

const portsSchema = z.object({ port: z.int(), ldapPort: z.int() })
type Ports = z.infer<typeof portsSchema>

/** Notes the ports of the demo that runs, for the other commands. */
export async function notePorts({ dataDir, port, ldapPort }: DemoSettings): Promise<void> {
  await writeFile(portsFile(dataDir), `${JSON.stringify({ port, ldapPort } satisfies Ports)}\n`)
}

/** The ports of the last demo on this data; undefined when there was none. */
export async function notedPorts(dataDir: string): Promise<Ports | undefined> {
  try {
    return portsSchema.parse(JSON.parse(await readFile(portsFile(dataDir), 'utf8')))
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

function portsFile(dataDir: string): string {
  return join(dataDir, 'ports.json')
}

function portOf(name: string, text: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new CannotStart(commandText('demo.port', { name, text }))
  }
  return port
}
