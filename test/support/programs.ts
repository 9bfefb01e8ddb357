import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where the set-up keeps what it may not install into the system, and the ready-made directories. */
export const cacheFolder = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'idaas-core-test')

/** Root of the Debian packages that were unpacked there because we are not root. */
export const unpackedRoot = join(cacheFolder, 'debian')

const paths = {
  slapd: '/usr/sbin/slapd',
  ldapsearch: '/usr/bin/ldapsearch',
  ldapmodify: '/usr/bin/ldapmodify',
  ldapcompare: '/usr/bin/ldapcompare',
  ldapdelete: '/usr/bin/ldapdelete',
  ldapmodrdn: '/usr/bin/ldapmodrdn',
  ldappasswd: '/usr/bin/ldappasswd',
  ldapwhoami: '/usr/bin/ldapwhoami',
  'redis-server': '/usr/bin/redis-server',
  mariadbd: '/usr/sbin/mariadbd',
  openssl: '/usr/bin/openssl',
  'ns-slapd': '/usr/sbin/ns-slapd',
  dscreate: '/usr/sbin/dscreate',
  certutil: '/usr/bin/certutil',
  pk12util: '/usr/bin/pk12util',
  ip: '/bin/ip',
  samba: '/usr/sbin/samba',
  'samba-tool': '/usr/bin/samba-tool',
  ldbmodify: '/usr/bin/ldbmodify',
  ansible: '/usr/bin/ansible',
  'ansible-lint': '/usr/bin/ansible-lint',
  // Not /usr/bin/chromium: that is a shell script, and it looks for its settings under /etc.
  chromium: '/usr/lib/chromium/chromium',
} as const

const needed = ['slapd', 'ldapsearch', 'redis-server', 'mariadbd', 'openssl', 'chromium'] as const
/** What runs only where it was installed: unpacked elsewhere they look for their parts in vain. */
const neededInstalled = [
  'ns-slapd',
  'dscreate',
  'samba',
  'samba-tool',
  'ldbmodify',
  'ip',
  'ansible',
  'ansible-lint',
] as const

export type ProgramName = keyof typeof paths

/** A program of Debian: `root` is '' when the system has it, else the folder it was unpacked into. */
export interface Program {
  path: string
  root: string
  env: NodeJS.ProcessEnv
}

/** Finds a program in the system, then among the unpacked packages; undefined when it is in neither. */
function lookUp(name: ProgramName): Program | undefined {
  const path = paths[name]
  if (existsSync(path)) return { path, root: '', env: process.env }
  if (!existsSync(join(unpackedRoot, path))) return undefined
  return { path: join(unpackedRoot, path), root: unpackedRoot, env: unpackedEnv() }
}

/** As `lookUp`; throws, with what to do when the program is missing. */
export function findProgram(name: ProgramName): Program {
  const program = lookUp(name)
  if (program === undefined) throw new Error(`${name} is missing: \`npm test\` installs it on Debian`)
  return program
}

/** The Debian programs that are not on this machine yet: those which can be unpacked, and those which must be installed. */
export function missingPrograms(): { unpackable: string[]; installable: string[] } {
  const isMissing = (name: ProgramName): boolean => lookUp(name) === undefined
  return { unpackable: needed.filter(isMissing), installable: neededInstalled.filter(isMissing) }
}

function unpackedEnv(): NodeJS.ProcessEnv {
  const triplet = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu'
  const folders = [`usr/lib/${triplet}`, `lib/${triplet}`, `usr/lib/${triplet}/pulseaudio`]
  return {
    ...process.env,
    LD_LIBRARY_PATH: folders.map((folder) => join(unpackedRoot, folder)).join(':'),
    FONTCONFIG_FILE: join(unpackedRoot, 'fonts.conf'),
    OPENSSL_CONF: join(unpackedRoot, 'etc/ssl/openssl.cnf'),
    XDG_DATA_DIRS: `${join(unpackedRoot, 'usr/share')}:/usr/share`,
  }
}
