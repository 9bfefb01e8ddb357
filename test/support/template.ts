import { execFile } from 'node:child_process'
import { hash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { cacheFolder } from './programs.ts'

const run = promisify(execFile)

/**
 * A folder that takes seconds to make, made once and kept: `make` fills a new one. What it depends on is in its name by `sources`, files of this
 * folder. Two who make it at once waste time, and nothing else: it appears under its name when it is whole.
 */
export async function template(
  name: string,
  sources: readonly string[],
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const texts = sources.map((file) => readFile(join(import.meta.dirname, file), 'utf8'))
  const kept = join(
    cacheFolder,
    `${name}-${hash('sha256', (await Promise.all(texts)).join('\0')).slice(0, 16)}`,
  )
  if (existsSync(kept)) return kept
  await mkdir(cacheFolder, { recursive: true })
  const folder = await mkdtemp(`${kept}-new-`)
  await make(folder)
  await rename(folder, kept).catch(() => rm(folder, { recursive: true }))
  return kept
}

// Databases are sparse: node's cp would write all of them.
export async function copyFolder(from: string, to: string): Promise<void> {
  await run('cp', ['-a', '--sparse=always', '--reflink=auto', `${from}/.`, to])
}
