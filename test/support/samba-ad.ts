import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { answers } from './answers.ts'
import { ldapTool, type Target } from './ldap-tools.ts'
import { type Inlet, openDoor, startInNamespace } from './network-namespace.ts'
import { findProgram } from './programs.ts'
import { appDn, appPassword, baseDn, sambaLdif } from './samba-ad-ldif.ts'
import { delegate, sidText } from './samba-delegation.ts'
import { adminPassword, provisionSamba, sambaEnv, smbConf } from './samba-provision.ts'
import type { ServerProcess } from './server-process.ts'
import { copyFolder, sources, template } from './template.ts'
import { makeTlsFiles } from './tls-files.ts'
import { untilReady } from './until-ready.ts'

/** A real Samba AD domain controller of this test's own, on loopback: domain LAB, lab.example. What is in it: samba-ad-ldif.ts. */
export interface SambaAd {
  readonly url: string
  readonly ldapsUrl: string
  readonly baseDn: string
  readonly appDn: string
  readonly appPassword: string
  /** PEM of the authority that signed its certificate. */
  readonly ca: string
  readonly caFile: string
  /** Its own administrator, for what a test sets up behind the service's back. */
  readonly admin: Target
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

/** Starts one, about a second; the first on a machine takes half a minute to be made. Wants root. */
export async function startSambaAd(): Promise<SambaAd> {
  const madeOf = await sources('samba-ad.ts', 'samba-ad-ldif.ts', 'samba-provision.ts', 'samba-delegation.ts')
  return await startFrom(await template('samba-ad', madeOf, makeTemplate))
}

async function makeTemplate(folder: string): Promise<void> {
  await provisionSamba(folder)
  const first = await startFrom(folder)
  const stopped = join(folder, 'filled')
  try {
    await ldapTool('ldapmodify', first.admin, ['-a'], [...sambaLdif()].join(''))
    const sid = await sidOf(first.admin, appDn)
    await first.kill('SIGTERM')
    await copyFolder(first.dir, stopped)
    await delegate(stopped, sid)
  } finally {
    await first.stop()
  }
  await copyFolder(stopped, folder)
  await rm(stopped, { recursive: true })
}

async function startFrom(source: string): Promise<SambaAd> {
  const dir = await mkdtemp(join(tmpdir(), 'samba-'))
  await copyFolder(source, dir)
  await writeFile(join(dir, 'etc/smb.conf'), smbConf(dir))
  const ca = await makeTlsFiles(join(dir, 'tls'))
  const ldap: Inlet = { port: 389, socket: join(dir, 'ldap.sock') }
  const ldaps: Inlet = { port: 636, socket: join(dir, 'ldaps.sock') }
  const [door, tlsDoor] = await Promise.all([openDoor(ldap.socket), openDoor(ldaps.socket)])
  let server = await startIn(dir, [ldap, ldaps])
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    server.signal('SIGCONT') // a stopped process would not take the signal
    await server.end(signal)
  }
  const caFile = join(dir, 'tls/ca.pem')
  const ldapsUrl = `ldaps://127.0.0.1:${tlsDoor.port}`
  return {
    url: `ldap://127.0.0.1:${door.port}`,
    ldapsUrl,
    baseDn,
    appDn,
    appPassword,
    ca,
    caFile,
    admin: { url: ldapsUrl, dn: 'administrator@lab.example', password: adminPassword, caFile },
    dir,
    pause: () => server.pause(),
    resume: () => server.signal('SIGCONT'),
    kill: (signal = 'SIGKILL') => end(signal),
    async restart() {
      await end('SIGTERM')
      server = await startIn(dir, [ldap, ldaps])
    },
    async stop() {
      await end('SIGTERM')
      await Promise.all([door.close(), tlsDoor.close()])
      await rm(dir, { recursive: true, force: true })
    },
    log: () => server.log(),
  }
}

async function startIn(dir: string, inlets: readonly Inlet[]): Promise<ServerProcess> {
  const { path, env } = findProgram('samba')
  const command = [path, '-i', '-M', 'single', '-s', join(dir, 'etc/smb.conf'), '--debug-stdout', '-d', '1']
  const server = startInNamespace(command, inlets, join(dir, 'samba.log'), sambaEnv(env))
  const [ldap] = inlets
  const isReady = async (): Promise<boolean> => ldap !== undefined && (await answers(ldap.socket))
  await untilReady('samba', server, isReady, { within: 20_000, every: 20 })
  return server
}

async function sidOf(admin: Target, dn: string): Promise<string> {
  const found = await ldapTool('ldapsearch', admin, ['-LLL', '-b', dn, '-s', 'base', 'objectSid'])
  const [, sid] = /^objectSid:: (.*)$/m.exec(found) ?? []
  if (sid === undefined) throw new Error(`no SID in ${found}`)
  return sidText(Buffer.from(sid, 'base64'))
}
