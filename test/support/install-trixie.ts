import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cacheFolder, type Program } from './programs.ts'
import { runQuietly } from './run-quietly.ts'

/** Where OpenLDAP 2.6 of the next Debian is unpacked, beside what the system has: nothing of it is installed. */
const trixieRoot = join(cacheFolder, 'trixie')
const wrapper = join(trixieRoot, 'slapd-2.6')

/** OpenLDAP 2.6. Throws when it is missing. */
export function findSlapd26(): Program {
  if (!existsSync(wrapper)) throw new Error('slapd 2.6 is missing: `npm test` unpacks it on Debian')
  return { path: wrapper, root: trixieRoot, env: process.env }
}

const packages = ['slapd', 'slapd-contrib']
const source =
  'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian trixie main\n'

/** Unpacks them, about 10 s, with all libraries that they need; apt verifies what it fetches. Does nothing when they are there. */
export function installTrixie(): void {
  if (existsSync(wrapper)) return
  console.log(`Missing: slapd 2.6. Unpacking it, from Debian trixie, into ${trixieRoot}.`)
  const work = `${trixieRoot}-apt`
  const unfinished = `${trixieRoot}-new`
  for (const folder of [work, unfinished]) rmSync(folder, { recursive: true, force: true })
  const archives = download(work)
  mkdirSync(unfinished)
  // Debian merged /lib into /usr/lib: tar must follow that link rather than replace it.
  const unpack = 'dpkg-deb --fsys-tarfile "$0" | tar -x -C "$1" --keep-directory-symlink'
  for (const name of readdirSync(archives).filter((file) => file.endsWith('.deb')))
    runQuietly('sh', ['-c', unpack, join(archives, name), unfinished])
  writeFileSync(join(unfinished, 'slapd-2.6'), wrapperScript(), { mode: 0o755 })
  for (const folder of [work, trixieRoot]) rmSync(folder, { recursive: true, force: true })
  renameSync(unfinished, trixieRoot)
}

/** An apt of our own, for which nothing is installed yet; returns the folder of what it fetched. */
function download(work: string): string {
  const folders = ['lists/partial', 'cache/archives/partial', 'etc/apt.conf.d', 'etc/preferences.d']
  for (const folder of [...folders, 'etc/trusted.gpg.d']) mkdirSync(join(work, folder), { recursive: true })
  writeFileSync(join(work, 'status'), '')
  writeFileSync(join(work, 'sources.list'), source)
  writeFileSync(join(work, 'apt.conf'), aptConf(work))
  const env = { APT_CONFIG: join(work, 'apt.conf') }
  runQuietly('apt-get', ['-qq', 'update'], env)
  runQuietly(
    'apt-get',
    ['-qq', '-y', '--no-install-recommends', '--download-only', 'install', ...packages],
    env,
  )
  return join(work, 'cache/archives')
}

/** It needs its own C library, which only its own loader loads. */
function wrapperScript(): string {
  const [triplet, loader] =
    process.arch === 'arm64'
      ? ['aarch64-linux-gnu', 'ld-linux-aarch64.so.1']
      : ['x86_64-linux-gnu', 'ld-linux-x86-64.so.2']
  const libraries = `${trixieRoot}/usr/lib/${triplet}`
  return `#!/bin/sh\nexec ${libraries}/${loader} --library-path ${libraries} ${trixieRoot}/usr/sbin/slapd "$@"\n`
}

function aptConf(work: string): string {
  return `Dir::State "${work}";
Dir::State::status "${work}/status";
Dir::State::Lists "${work}/lists";
Dir::Cache "${work}/cache";
Dir::Etc "${work}/etc";
Dir::Etc::sourcelist "${work}/sources.list";
Dir::Etc::sourceparts "-";
Debug::NoLocking "1";
APT::Sandbox::User "root";
`
}
