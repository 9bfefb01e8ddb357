import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { answers } from './answers.ts'
import {
  configFolder,
  createDs389,
  madePorts,
  rootDn,
  rootPassword,
  semaphore,
  suffix,
} from './ds389-create.ts'
import { appDn, appPassword, ds389Ldif, ds389Settings } from './ds389-ldif.ts'
import { freePort } from './free-port.ts'
import { ldapmodify, ldapTool } from './ldap-tools.ts'
import { findProgram } from './programs.ts'
import { type ServerProcess, startServer } from './server-process.ts'
import { copyFolder, sources, template } from './template.ts'
import { untilReady } from './until-ready.ts'

/** A real 389 Directory Server of this test's own, on loopback. What is in it: ds389-ldif.ts. */
export interface Ds389 {
  readonly url: string
  readonly ldapsUrl: string
  readonly suffix: string
  readonly appDn: string
  readonly appPassword: string
  readonly rootDn: string
  readonly rootPassword: string
  /** PEM of the authority that signed its certificate. */
  readonly ca: string
  readonly caFile: string
  readonly dir: string
  pause(): Promise<void>
  resume(): void
  kill(signal?: NodeJS.Signals): Promise<void>
  /** Starts again on the same ports with the same data. */
  restart(): Promise<void>
  /** Ends it and removes its folder. */
  stop(): Promise<void>
  log(): string
}

/** Starts one, about a second; the first on a machine takes a quarter of a minute to be made. */
export async function startDs389(): Promise<Ds389> {
  const madeOf = await sources('ds389.ts', 'ds389-create.ts', 'ds389-ldif.ts')
  return await startFrom(await template('ds389', madeOf, makeTemplate))
}

async function makeTemplate(folder: string): Promise<void> {
  const bare = await mkdtemp(join(tmpdir(), 'ds389-'))
  await createDs389(bare)
  await writeFile(join(bare, 'made-in'), bare)
  const first = await startFrom(bare)
  try {
    const root = { url: first.url, dn: rootDn, password: rootPassword }
    // First the entries: with passwordMustChange on, whoever is made by the administrator has to change their password.
    await ldapTool('ldapmodify', root, ['-a'], [...ds389Ldif()].join(''))
    await ldapmodify(root, ds389Settings)
    await first.kill('SIGTERM')
    await copyFolder(first.dir, folder)
  } finally {
    await first.stop()
    await rm(bare, { recursive: true })
  }
}

async function startFrom(source: string): Promise<Ds389> {
  const dir = await mkdtemp(join(tmpdir(), 'ds389-'))
  await copyFolder(source, dir)
  let { server, port, tlsPort } = await startOnFreePorts(dir)
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    server.signal('SIGCONT') // a stopped process would not take the signal
    await server.end(signal)
  }
  const caFile = join(dir, 'tls/ca.pem')
  return {
    url: `ldap://127.0.0.1:${port}`,
    ldapsUrl: `ldaps://127.0.0.1:${tlsPort}`,
    suffix,
    appDn,
    appPassword,
    rootDn,
    rootPassword,
    ca: await readFile(caFile, 'utf8'),
    caFile,
    dir,
    pause: () => server.pause(),
    resume: () => server.signal('SIGCONT'),
    kill: (signal = 'SIGKILL') => end(signal),
    async restart() {
      await end('SIGTERM')
      server = await startIn(dir, port)
    },
    async stop() {
      await end('SIGKILL') // it takes two seconds to end by itself
      await rm(semaphore, { force: true })
      await rm(dir, { recursive: true, force: true })
    },
    log: () => server.log(),
  }
}

/** Another process may take a port between the look and the start. */
async function startOnFreePorts(
  dir: string,
): Promise<{ server: ServerProcess; port: number; tlsPort: number }> {
  for (let attempt = 1; ; attempt++) {
    const [port, tlsPort] = await Promise.all([freePort(), freePort()])
    await moveIn(dir, port, tlsPort)
    try {
      return { server: await startIn(dir, port), port, tlsPort }
    } catch (error) {
      if (attempt === 3) throw error
    }
  }
}

/** The instance has its folder and ports in its configuration. */
async function moveIn(dir: string, port: number, tlsPort: number): Promise<void> {
  const file = join(dir, configFolder, 'dse.ldif')
  const madeIn = await readFile(join(dir, 'made-in'), 'utf8')
  const settings = (await readFile(file, 'utf8'))
    .replaceAll('\n ', '') // long lines are folded, paths among them
    .replaceAll(madeIn, dir)
    .replace(/^(nsslapd-listenhost|nsslapd-securelistenhost):.*\n/gm, '')
    .replace(
      /^nsslapd-port:.*$/m,
      `nsslapd-port: ${port}\nnsslapd-listenhost: 127.0.0.1\nnsslapd-securelistenhost: 127.0.0.1`,
    )
    .replace(/^nsslapd-securePort:.*$/im, `nsslapd-secureport: ${tlsPort}`)
  if (!settings.includes(String(tlsPort))) throw new Error(`no port ${madePorts.ldaps} in ${file}`)
  await writeFile(file, settings)
  await writeFile(join(dir, 'made-in'), dir)
}

async function startIn(dir: string, port: number): Promise<ServerProcess> {
  const args = ['-D', join(dir, configFolder), '-i', join(dir, 'run/dirsrv/server.pid'), '-d', '0']
  const server = startServer(findProgram('ns-slapd'), args, join(dir, 'ds389.log'))
  await untilReady('ns-slapd', server, () => answers(port), { within: 20_000, every: 20 })
  return server
}
