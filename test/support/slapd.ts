import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { answers } from './answers.ts'
import { freePort } from './free-port.ts'
import type { PeopleOptions } from './people-ldif.ts'
import { until } from './poll.ts'
import { findSlapd26 } from './install-trixie.ts'
import { findProgram, type Program } from './programs.ts'
import { type ServerProcess, startServer } from './server-process.ts'
import { appDn, rootDn, secrets, slapdConf, type SlapdConfOptions } from './slapd-conf.ts'
import { fillDataFolder } from './slapd-data.ts'
import { makeTlsFiles } from './tls-files.ts'
import { untilReady } from './until-ready.ts'

export interface SlapdOptions extends SlapdConfOptions {
  /**
   * What the directory holds at first: an LDIF file, or people of our making (`{ people: 10_000 }`; made once and kept, so
   * the next start copies them). Default: 50 people. `'empty'`: nothing, not even the suffix.
   */
  seed?: { ldif: string } | PeopleOptions | 'empty'
  /** Debian 12's own by default. */
  version?: '2.5' | '2.6'
}

/** A real OpenLDAP of this test's own, on loopback. */
export interface Slapd {
  readonly url: string
  readonly ldapsUrl: string
  readonly ldapiUrl: string
  readonly port: number
  readonly tlsPort: number
  readonly suffix: string
  readonly appDn: string
  readonly appPassword: string
  readonly rootDn: string
  readonly rootPassword: string
  /** PEM of the authority that signed its certificate. */
  readonly ca: string
  /** Its folder: slapd.conf, data, slapd.log; gone after `stop`. */
  readonly dir: string
  /** It stops answering, connections stay open. */
  pause(): Promise<void>
  resume(): void
  /** It dies at once, as in a crash; waits for that. */
  kill(signal?: NodeJS.Signals): Promise<void>
  /** Starts again on the same ports with the same data, after `kill` or from running. */
  restart(): Promise<void>
  /** Ends it and removes its folder. */
  stop(): Promise<void>
  /** The end of its log. */
  log(): string
}

/** Starts a slapd (about 60 ms, 10,000 people included once they were made); throws with its log when it does not come up. */
export async function startSlapd(options: SlapdOptions = {}): Promise<Slapd> {
  const { suffix = 'dc=example,dc=org', seed = { people: 50 } } = options
  const program = options.version === '2.6' ? findSlapd26() : findProgram('slapd')
  const dir = await mkdtemp(join(tmpdir(), 'slapd-'))
  for (const folder of ['data', 'accesslog']) await mkdir(join(dir, folder), { mode: 0o700 })
  const ca = await makeTlsFiles(join(dir, 'tls'))
  await writeFile(join(dir, 'slapd.conf'), slapdConf(dir, program.root, options), { mode: 0o600 })
  if (seed !== 'empty') await fillDataFolder(program, dir, suffix, seed)

  let { server, port, tlsPort } = await startOnFreePorts(program, dir)
  const end = (signal: NodeJS.Signals): Promise<void> => {
    server.signal('SIGCONT') // a stopped process would not take the signal
    return server.end(signal)
  }
  return {
    url: `ldap://127.0.0.1:${port}`,
    ldapsUrl: `ldaps://127.0.0.1:${tlsPort}`,
    ldapiUrl: ldapiUrl(dir),
    port,
    tlsPort,
    suffix,
    appDn: appDn(suffix),
    rootDn: rootDn(suffix),
    ...secrets,
    ca,
    dir,
    pause: () => server.pause(),
    resume: () => server.signal('SIGCONT'),
    kill: (signal = 'SIGKILL') => end(signal),
    async restart() {
      await end('SIGINT')
      server = await until(() => startOn(program, dir, port, tlsPort), { within: 5000 })
    },
    async stop() {
      await end('SIGINT')
      await rm(dir, { recursive: true, force: true })
    },
    log: () => server.log(),
  }
}

const ldapiUrl = (dir: string): string => `ldapi://${encodeURIComponent(join(dir, 'ldapi'))}`

/** slapd does not take port 0, so another process may take ours between the look and the start. */
async function startOnFreePorts(
  program: Program,
  dir: string,
): Promise<{ server: ServerProcess; port: number; tlsPort: number }> {
  for (let attempt = 1; ; attempt++) {
    const [port, tlsPort] = await Promise.all([freePort(), freePort()])
    try {
      return { server: await startOn(program, dir, port, tlsPort), port, tlsPort }
    } catch (error) {
      if (attempt === 3) throw error
    }
  }
}

async function startOn(program: Program, dir: string, port: number, tlsPort: number): Promise<ServerProcess> {
  const urls = `ldap://127.0.0.1:${port} ldaps://127.0.0.1:${tlsPort} ${ldapiUrl(dir)}`
  const server = startServer(
    program,
    ['-d', '0', '-f', join(dir, 'slapd.conf'), '-h', urls],
    join(dir, 'slapd.log'),
  )
  await untilReady('slapd', server, () => answers(join(dir, 'ldapi')), { within: 10_000 })
  return server
}
