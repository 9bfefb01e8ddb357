import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cacheFolder, unpackedRoot } from './programs.ts'
import { runQuietly } from './run-quietly.ts'

/** apt computes and verifies what is missing on this system, with lists and archives of our own, and installs nothing. */
export function unpackPackages(packages: readonly string[]): void {
  const apt = join(cacheFolder, 'apt')
  const archives = join(apt, 'archives')
  for (const folder of ['lists/partial', 'archives/partial'])
    mkdirSync(join(apt, folder), { recursive: true })
  const own = [`Dir::State::Lists=${apt}/lists`, `Dir::Cache=${apt}`, 'Debug::NoLocking=1']
  const aptGet = (...args: string[]): void =>
    runQuietly('apt-get', ['-qq', ...own.flatMap((option) => ['-o', option]), ...args])
  aptGet('update')
  aptGet('install', '--download-only', '-y', '--no-install-recommends', ...packages)

  const unfinished = `${unpackedRoot}-new`
  rmSync(unfinished, { recursive: true, force: true })
  for (const name of readdirSync(archives).filter((file) => file.endsWith('.deb'))) {
    runQuietly('dpkg', ['-x', join(archives, name), unfinished])
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
