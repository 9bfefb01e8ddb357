import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findProgram } from './programs.ts'

const run = promisify(execFile)

const realm = 'LAB.EXAMPLE'
export const adminPassword = 'Admin-passw0rd'

/** Makes a domain controller in `dir`, about 5 s: everything that it writes is below, for it is copied later. Wants root. */
export async function provisionSamba(dir: string): Promise<void> {
  if (process.getuid?.() !== 0)
    throw new Error('a Samba AD can be provisioned by root only: run the tests as root')
  for (const folder of ['etc', 'log', 'pid']) await mkdir(join(dir, folder), { recursive: true })
  await writeFile(join(dir, 'etc/empty.conf'), '')
  const { path, env } = findProgram('samba-tool')
  const options = [
    `--targetdir=${dir}`,
    `--realm=${realm}`,
    '--domain=LAB',
    '--server-role=dc',
    '--dns-backend=NONE',
    '--host-name=dc1',
    '--host-ip=127.0.0.1',
    `--adminpass=${adminPassword}`,
    '--use-rfc2307',
  ]
  await run(path, ['domain', 'provision', '-s', join(dir, 'etc/empty.conf'), ...options], {
    env: sambaEnv(env),
  })
}

/**
 * Not the python of a version manager, which knows nothing of Samba. And what is written need not survive a power cut: most
 * of the time was for that.
 */
export function sambaEnv(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...env, PATH: '/usr/sbin:/usr/bin:/sbin:/bin', TDB_NO_FSYNC: '1' }
}

/**
 * Settings of the controller that lives in `dir`. It listens on 389 and 636 of its own network namespace. A password that was replaced is
 * refused at once: Samba, like Windows, would accept it for another hour.
 */
export function smbConf(dir: string): string {
  return `[global]
  netbios name = DC1
  realm = ${realm}
  workgroup = LAB
  server role = active directory domain controller
  private dir = ${dir}/private
  state directory = ${dir}/state
  cache directory = ${dir}/cache
  lock directory = ${dir}
  binddns dir = ${dir}/bind-dns
  ncalrpc dir = ${dir}/ncalrpc
  pid directory = ${dir}/pid
  log file = ${dir}/log/log.%m
  interfaces = 127.0.0.1/32
  bind interfaces only = yes
  server services = ldap
  idmap_ldb:use rfc2307 = yes
  old password allowed period = 0
  tls cafile = ${dir}/tls/ca.pem
  tls certfile = ${dir}/tls/cert.pem
  tls keyfile = ${dir}/tls/key.pem
`
}
