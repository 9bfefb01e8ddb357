import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { installTrixie } from './install-trixie.ts'
import { cacheFolder, missingPrograms, unpackedRoot } from './programs.ts'

/** What the tests need beyond Node: chromium brings its fonts, openssl makes certificates. */
const packages = [
  'slapd',
  'slapd-contrib',
  'ldap-utils',
  'redis-server',
  'openssl',
  'chromium',
  'fonts-dejavu-core',
  '389-ds-base',
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
 * Makes sure that the programs of {@link packages} are there: as root from Debian's packages, else unpacked from them into
 * the cache folder. Does nothing, in under a millisecond, when they are; says in one line what it does or cannot do.
 * Tests that need a program which is still missing fail; the others run.
 */
export function install(): void {
  installTrixieIfDebian()
  const missing = missingPrograms()
  if (missing.length === 0) return
  const what = `Missing: ${missing.join(', ')}.`
  if (!isDebian()) {
    console.log(`${what} This is not Debian: put them where its packages ${packages.join(', ')} have them.`)
    return
  }
  try {
    if (process.getuid?.() === 0) {
      console.log(`${what} Installing Debian's packages; no service is started.`)
      withoutServices(installPackages)
    } else {
      console.log(`${what} Not root, so Debian's packages are unpacked into ${unpackedRoot}.`)
      unpackPackages()
    }
  } catch (error) {
    console.log(`That failed, and tests will fail for it: ${String(error)}`)
  }
}

/** Tests that need it fail without it; the others run. */
function installTrixieIfDebian(): void {
  try {
    if (isDebian()) installTrixie()
  } catch (error) {
    console.log(`That failed, and tests of slapd 2.6 will fail for it: ${String(error)}`)
  }
}

function isDebian(): boolean {
  return existsSync('/etc/os-release') && /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'))
}

function run(command: string, ...args: string[]): void {
  execFileSync(command, args, {
    stdio: ['ignore', 'ignore', 'pipe'], // what it complains of is in the error
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' },
  })
}

function installPackages(): void {
  const aptInstall = (): void =>
    run('apt-get', 'install', '-qq', '-y', '--no-install-recommends', ...packages)
  try {
    aptInstall()
  } catch {
    run('apt-get', 'update', '-qq') // there was no list of packages, or an old one
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

/** apt computes and verifies what is missing on this system, with lists and archives of our own, and installs nothing. */
function unpackPackages(): void {
  const apt = join(cacheFolder, 'apt')
  const archives = join(apt, 'archives')
  for (const folder of ['lists/partial', 'archives/partial'])
    mkdirSync(join(apt, folder), { recursive: true })
  const own = [
    '-qq',
    '-o',
    `Dir::State::Lists=${apt}/lists`,
    '-o',
    `Dir::Cache=${apt}`,
    '-o',
    'Debug::NoLocking=1',
  ]
  run('apt-get', ...own, 'update')
  run('apt-get', ...own, 'install', '--download-only', '-y', '--no-install-recommends', ...packages)

  const unfinished = `${unpackedRoot}-new`
  rmSync(unfinished, { recursive: true, force: true })
  for (const name of readdirSync(archives).filter((file) => file.endsWith('.deb'))) {
    run('dpkg', '-x', join(archives, name), unfinished)
  }
  writeFontsConf(unfinished)
  rmSync(unpackedRoot, { recursive: true, force: true })
  renameSync(unfinished, unpackedRoot)
  rmSync(apt, { recursive: true })
}

/** The package's own fonts.conf names /usr/share/fonts, which may be empty here. */
function writeFontsConf(root: string): void {
  const folders = [join(unpackedRoot, 'usr/share/fonts'), '/usr/share/fonts']
  const lines = [...folders.map((dir) => `<dir>${dir}</dir>`), `<cachedir>${cacheFolder}/fonts</cachedir>`]
  writeFileSync(join(root, 'fonts.conf'), `<fontconfig>${lines.join('')}</fontconfig>\n`)
}
