import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { installTrixie } from './install-trixie.ts'
import { missingPrograms, unpackedRoot } from './programs.ts'
import { runQuietly } from './run-quietly.ts'
import { unpackPackages } from './unpack-packages.ts'

/** What the tests need beyond Node: chromium brings its fonts, openssl makes certificates. */
const packages = [
  'slapd',
  'slapd-contrib',
  'ldap-utils',
  'redis-server',
  'mariadb-server-core',
  'openssl',
  'chromium',
  'fonts-dejavu-core',
]

/** Those whose programs look for their parts where the package puts them. */
const packagesToInstall = [
  '389-ds-base',
  'ansible-core',
  'ansible-lint',
  'iproute2',
  'ldb-tools',
  'python3-samba',
  'samba',
  'samba-ad-dc',
  'samba-ad-provision',
  'samba-dsdb-modules',
  'samba-vfs-modules',
  'winbind',
]

/**
 * Makes sure that the programs of these packages are there: as root from Debian's packages, else (389-DS and Samba apart)
 * unpacked from them into the cache folder. Does nothing, in under a millisecond, when they are; says in one line what it
 * does or cannot do. Tests that need a program which is still missing fail; the others run.
 */
export function install(): void {
  const isRoot = process.getuid?.() === 0
  if (!isRoot) console.log('Not root, so no Samba AD can be made: tests that need one will fail.')
  if (isDebian()) tried('tests of slapd 2.6', installTrixie)
  const { unpackable, installable } = missingPrograms()
  const missing = [...unpackable, ...installable]
  if (missing.length === 0) return
  const what = `Missing: ${missing.join(', ')}.`
  if (!isDebian()) {
    const all = [...packages, ...packagesToInstall].join(', ')
    console.log(`${what} This is not Debian: put them where its packages ${all} have them.`)
  } else if (isRoot) {
    console.log(`${what} Installing Debian's packages; no service is started.`)
    tried('tests', () => withoutServices(installPackages))
  } else {
    if (installable.length > 0)
      console.log(`Missing: ${installable.join(', ')}. Only root installs them: tests of them will fail.`)
    if (unpackable.length === 0) return
    console.log(`Missing: ${unpackable.join(', ')}. Unpacking Debian's packages into ${unpackedRoot}.`)
    tried('tests', () => unpackPackages(packages))
  }
}

function tried(what: string, act: () => void): void {
  try {
    act()
  } catch (error) {
    console.log(`That failed, and ${what} will fail for it: ${String(error)}`)
  }
}

function isDebian(): boolean {
  return existsSync('/etc/os-release') && /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'))
}

function installPackages(): void {
  const all = [...packages, ...packagesToInstall]
  const aptInstall = (): void =>
    runQuietly('apt-get', ['install', '-qq', '-y', '--no-install-recommends', ...all])
  try {
    aptInstall()
  } catch {
    runQuietly('apt-get', ['update', '-qq']) // there was no list of packages, or an old one
    aptInstall()
  }
}

/** Packages start their services unless this script says no; an administrator's own script stays. */
function withoutServices(act: () => void): void {
  const policy = '/usr/sbin/policy-rc.d'
  if (existsSync(policy)) return act()
  writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    act()
  } finally {
    rmSync(policy)
  }
}
