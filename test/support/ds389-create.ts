import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findProgram } from './programs.ts'
import { makeTlsFiles } from './tls-files.ts'

const run = promisify(execFile)

export const suffix = 'dc=example,dc=org'
export const rootDn = 'cn=Directory Manager'
export const rootPassword = 'Admin-secret-1'
/**
 * A semaphore in /dev/shm is named after the instance: another user's, left by a server that was killed, would keep ours from
 * starting.
 */
const name = `test-${process.getuid?.()}`
export const semaphore = `/dev/shm/sem.slapd-${name}.stats`
/** Where its configuration is, below its folder. */
export const configFolder = `etc/dirsrv/slapd-${name}`
/** Of the instance as it is made; each copy gets its own. */
export const madePorts = { ldap: 13389, ldaps: 13636 }

/**
 * Makes an instance of 389 Directory Server below `dir`, about 10 s, without systemd, /etc and /var: dscreate reads where things are from a file of its
 * own, found by PREFIX. While it is being made it listens on every address, so that it is made in a network namespace.
 */
export async function createDs389(dir: string): Promise<void> {
  const folders = [
    'share/dirsrv/inf',
    'etc/dirsrv/config',
    'etc/dirsrv/schema',
    'etc/default',
    'etc/tmpfiles.d',
    'var/lib',
    'var/log',
  ]
  for (const folder of [...folders, 'run/lock', 'run/dirsrv', 'shm', 'tmp', 'inst'])
    await mkdir(join(dir, folder), { recursive: true })
  // Debian's own, in /etc, are for root to read; nothing in them matters here.
  for (const [file, text] of Object.entries(etc)) await writeFile(join(dir, 'etc/dirsrv', file), text)
  const { path, env } = findProgram('dscreate')
  const defaults = await readFile('/usr/share/dirsrv/inf/defaults.inf', 'utf8')
  const owner = { user: userInfo().username, group: (await run('id', ['-gn'])).stdout.trim() }
  await writeFile(join(dir, 'share/dirsrv/inf/defaults.inf'), here(defaults, dir, owner))
  await writeFile(join(dir, 'answers.inf'), answersFor(owner))
  const command = ['/usr/bin/python3', path, '-v', 'from-file', join(dir, 'answers.inf')]
  // Not the python of a version manager, which knows nothing of 389-DS.
  const system = { ...env, PREFIX: dir, PATH: '/usr/sbin:/usr/bin:/sbin:/bin' }
  await run('unshare', [...ownNetwork(), ...command], { env: system, maxBuffer: 2 ** 26 })
  await useOurCertificate(dir)
}

/** Who is not root may make a network in a user namespace only, and gives up there what it needed for that. */
function ownNetwork(): string[] {
  const ours = process.getuid?.() === 0 ? [] : ['--user', '--map-current-user', '--keep-caps']
  const drop = ours.length === 0 ? '' : 'setpriv --inh-caps=-all --ambient-caps=-all'
  return [...ours, '--net', 'sh', '-c', `ip link set lo up; exec ${drop} "$@"`, 'sh']
}

/** In place of the one that dscreate signs, which is for a name only and not for 127.0.0.1. */
async function useOurCertificate(dir: string): Promise<void> {
  const tls = join(dir, 'tls')
  await makeTlsFiles(tls)
  const use = (tool: 'openssl' | 'certutil' | 'pk12util', args: string) => {
    const { path, env } = findProgram(tool)
    return run(path, args.split(' '), { env, cwd: tls })
  }
  const into = `-d ../${configFolder}`
  const pin = `../${configFolder}/pwdfile.txt`
  await use(
    'openssl',
    'pkcs12 -export -in cert.pem -inkey key.pem -name Server-Cert -passout pass:x -out server.p12',
  )
  await use('certutil', `-F ${into} -f ${pin} -n Server-Cert`)
  await use('certutil', `-A ${into} -f ${pin} -n test-ca -t CT,, -a -i ca.pem`)
  await use('pk12util', `-i server.p12 -W x ${into} -k ${pin}`)
}

const etc = {
  'config/certmap.conf': 'certmap default default\n',
  'config/slapd-collations.conf': '',
  'schema/99user.ldif': 'dn: cn=schema\n',
}

type Owner = { user: string; group: string }

/** Debian's defaults with every path below `dir` and nobody else's user. */
function here(defaults: string, dir: string, owner: Owner): string {
  const own: Readonly<Record<string, string>> = {
    with_systemd: '0',
    with_selinux: '0',
    inst_dir: `${dir}/inst/slapd-{instance_name}`,
    tmpfiles_d: `${dir}/etc/tmpfiles.d`,
    tmp_dir: `${dir}/tmp`,
    initconfig_dir: `${dir}/etc/default`,
    ...owner,
  }
  const moved = defaults
    .replace(/^(config_dir|schema_dir|cert_dir|sysconf_dir) = \/etc/gm, `$1 = ${dir}/etc`)
    .replaceAll('= /var', `= ${dir}/var`)
    .replaceAll('= /run', `= ${dir}/run`)
    .replaceAll('= /dev/shm', `= ${dir}/shm`)
  return Object.entries(own).reduce(
    (text, [key, value]) => text.replace(new RegExp(`^${key} =.*`, 'm'), `${key} = ${value}`),
    moved,
  )
}

function answersFor({ user, group }: Owner): string {
  return `[general]
config_version = 2
full_machine_name = localhost
strict_host_checking = False
selinux = False
systemd = False
start = False
[slapd]
instance_name = ${name}
port = ${madePorts.ldap}
secure_port = ${madePorts.ldaps}
root_dn = ${rootDn}
root_password = ${rootPassword}
self_sign_cert = True
user = ${user}
group = ${group}
[backend-userroot]
suffix = ${suffix}
create_suffix_entry = True
sample_entries = no
`
}
