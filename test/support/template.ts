import { execFile } from 'node:child_process'
import { hash } from 'node:crypto'
import { existsSync } from 'node:fs'
import {
  access,
  constants,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  utimes,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { whileLocked } from './lock.ts'
import { cacheFolder } from './programs.ts'

const run = promisify(execFile)
const DAY = 86_400_000

/**
 * A folder that takes a while to make, kept for the next time: `make` fills a new one. What it depends on, `madeOf`, decides
 * its name; so does the week, for passwords and certificates in it grow old. Who comes while it is being made waits for it;
 * it appears under its name when it is whole. Others of that name go when nobody used them for a day.
 */
export async function template(
  name: string,
  madeOf: readonly string[],
  make: (folder: string) => Promise<void>,
  cache = cacheFolder,
): Promise<string> {
  const week = Math.floor(Date.now() / (7 * DAY))
  const key = hash('sha256', [week, ...madeOf].join('\0')).slice(0, 16)
  const kept = join(await folderFor(`${name}-${key}`, cache), `${name}-${key}`)
  if (!existsSync(kept)) await whileLocked(join(kept, `../${name}.lock`), () => makeOnce(kept, make))
  await utimes(kept, new Date(), new Date()).catch(() => {}) // read-only, so nobody removes it
  return kept
}

/** The texts of files of this folder. */
export async function sources(...files: string[]): Promise<string[]> {
  return await Promise.all(files.map((file) => readFile(join(import.meta.dirname, file), 'utf8')))
}

/** The cache folder, when it has the template or can take it; else the run's own, for one run. */
async function folderFor(name: string, cache: string): Promise<string> {
  if (existsSync(join(cache, name))) return cache
  const make = mkdir(cache, { recursive: true }).then(() => access(cache, constants.W_OK))
  return await make.then(
    () => cache,
    () => tmpdir(),
  )
}

async function makeOnce(kept: string, make: (folder: string) => Promise<void>): Promise<void> {
  if (existsSync(kept)) return // somebody made it while we waited
  await removeUnused(kept.slice(0, kept.lastIndexOf('-') + 1))
  const folder = await mkdtemp(`${kept}-new-`)
  try {
    await make(folder)
    await rename(folder, kept)
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

async function removeUnused(prefix: string): Promise<void> {
  const parent = join(prefix, '..')
  for (const name of await readdir(parent)) {
    const folder = join(parent, name)
    if (!folder.startsWith(prefix)) continue
    const { mtimeMs } = await stat(folder)
    if (Date.now() - mtimeMs > DAY) await rm(folder, { recursive: true, force: true })
  }
}

// Databases are sparse: node's cp would write all of them.
export async function copyFolder(from: string, to: string): Promise<void> {
  await run('cp', ['-a', '--sparse=always', '--reflink=auto', `${from}/.`, to])
}
