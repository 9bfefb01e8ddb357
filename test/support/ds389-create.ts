import { execFile } from 'node:child_process'
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findProgram } from './programs.ts'
import { makeTlsFiles } from './tls-files.ts'

const run = promisify(execFile)

export const suffix = 'dc=example,dc=org'
export const rootDn = 'cn=Directory Manager'
export const rootPassword = 'Admin-secret-1'
/** Of the instance as it is made; each copy gets its own. */
export const madePorts = { ldap: 13389, ldaps: 13636 }

/**
 * Makes an instance of 389 Directory Server below `dir`, about 10 s, without systemd, /etc and /var: dscreate reads where things are from a file of its
 * own, found by PREFIX. While it is being made it listens on every address, so that it is made in a network namespace.
 */
export async function createDs389(dir: string): Promise<void> {
  const folders = ['share/dirsrv/inf', 'etc/dirsrv', 'etc/default', 'etc/tmpfiles.d', 'var/lib', 'var/log']
  for (const folder of [...folders, 'run/lock', 'run/dirsrv', 'shm', 'tmp', 'inst'])
    await mkdir(join(dir, folder), { recursive: true })
  const { path, env, root } = findProgram('dscreate')
  for (const folder of ['schema', 'config'])
    await cp(`${root}/etc/dirsrv/${folder}`, join(dir, 'etc/dirsrv', folder), { recursive: true })
  const defaults = await readFile(`${root}/usr/share/dirsrv/inf/defaults.inf`, 'utf8')
  await writeFile(join(dir, 'share/dirsrv/inf/defaults.inf'), here(defaults, dir))
  await writeFile(join(dir, 'lab.inf'), answersFor(userInfo().username))
  const inNamespace = ['--net', 'sh', '-c', 'ip link set lo up; exec "$@"', 'sh']
  const command = ['/usr/bin/python3', path, '-v', 'from-file', join(dir, 'lab.inf')]
  // Not the python of a version manager, which knows nothing of 389-DS.
  const system = { ...env, PREFIX: dir, PATH: '/usr/sbin:/usr/bin:/sbin:/bin' }
  await run('unshare', [...inNamespace, ...command], { env: system, maxBuffer: 2 ** 26 })
  await useOurCertificate(dir)
}

/** In place of the one that dscreate signs, which is for a name only and not for 127.0.0.1. */
async function useOurCertificate(dir: string): Promise<void> {
  const tls = join(dir, 'tls')
  await makeTlsFiles(tls)
  const use = (name: 'openssl' | 'certutil' | 'pk12util', args: string) => {
    const { path, env } = findProgram(name)
    return run(path, args.split(' '), { env, cwd: tls })
  }
  const into = '-d ../etc/dirsrv/slapd-lab'
  const withPin = `${into} -f ../etc/dirsrv/slapd-lab/pwdfile.txt`
  await use(
    'openssl',
    'pkcs12 -export -in cert.pem -inkey key.pem -name Server-Cert -passout pass:x -out server.p12',
  )
  await use('certutil', `-F ${withPin} -n Server-Cert`)
  await use('certutil', `-A ${withPin} -n test-ca -t CT,, -a -i ca.pem`)
  await use('pk12util', `-i server.p12 -W x ${into} -k ../etc/dirsrv/slapd-lab/pwdfile.txt`)
}

/** Debian's defaults with every path below `dir` and nobody else's user. */
function here(defaults: string, dir: string): string {
  const own: Readonly<Record<string, string>> = {
    with_systemd: '0',
    with_selinux: '0',
    inst_dir: `${dir}/inst/slapd-{instance_name}`,
    tmpfiles_d: `${dir}/etc/tmpfiles.d`,
    tmp_dir: `${dir}/tmp`,
    initconfig_dir: `${dir}/etc/default`,
    user: userInfo().username,
    group: userInfo().username,
  }
  const moved = defaults
    .replace(/^(config_dir|schema_dir|cert_dir|sysconf_dir) = \/etc/gm, `$1 = ${dir}/etc`)
    .replaceAll('= /var', `= ${dir}/var`)
    .replaceAll('= /run', `= ${dir}/run`)
    .replaceAll('= /dev/shm', `= ${dir}/shm`)
  return Object.entries(own).reduce(
    (text, [name, value]) => text.replace(new RegExp(`^${name} =.*`, 'm'), `${name} = ${value}`),
    moved,
  )
}

function answersFor(user: string): string {
  return `[general]
config_version = 2
full_machine_name = localhost
strict_host_checking = False
selinux = False
systemd = False
start = False
[slapd]
instance_name = lab
port = ${madePorts.ldap}
secure_port = ${madePorts.ldaps}
root_dn = ${rootDn}
root_password = ${rootPassword}
self_sign_cert = True
user = ${user}
group = ${user}
[backend-userroot]
suffix = ${suffix}
create_suffix_entry = True
sample_entries = no
`
}
