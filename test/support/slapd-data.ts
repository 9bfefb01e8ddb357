import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type PeopleOptions, writePeopleLdif } from './people-ldif.ts'
import { cacheFolder, type Program } from './programs.ts'
import { copyFolder } from './template.ts'

const run = promisify(execFile)

/**
 * Fills `dir`/data for the slapd whose slapd.conf is in `dir`: from an LDIF file, or with made people, which are loaded
 * once and kept as a copy (10,000 people: 1.5 s the first time, then 10 ms).
 */
export async function fillDataFolder(
  program: Program,
  dir: string,
  suffix: string,
  seed: { ldif: string } | PeopleOptions,
): Promise<void> {
  if ('ldif' in seed) return await slapadd(program, dir, suffix, seed.ldif)
  const kept = join(cacheFolder, 'directories', await keyOf(dir, seed))
  if (existsSync(kept)) return await copyFolder(kept, join(dir, 'data'))
  const ldif = join(dir, 'seed.ldif')
  await writePeopleLdif(ldif, suffix, seed)
  await slapadd(program, dir, suffix, ldif)
  await rm(ldif)
  await keepCopy(join(dir, 'data'), kept).catch(() => {}) // no cache folder to write to: made anew the next time
}

async function slapadd(program: Program, dir: string, suffix: string, ldif: string): Promise<void> {
  const { path, env } = program
  await run(path, ['-Tadd', '-q', '-f', join(dir, 'slapd.conf'), '-b', suffix, '-l', ldif], { env })
}

/** Stands for all that decides what is in the data files: configuration, options, and the code that makes the people. */
async function keyOf(dir: string, seed: PeopleOptions): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(seed))
  hash.update((await readFile(join(dir, 'slapd.conf'), 'utf8')).replaceAll(dir, ''))
  for (const source of ['people.ts', 'groups.ts', 'people-ldif.ts', 'ldif-entry.ts', 'password-hashes.ts']) {
    hash.update(await readFile(join(import.meta.dirname, source)))
  }
  return `${seed.people}-${hash.digest('hex').slice(0, 16)}`
}

/** Test files run side by side: the copy appears under its name only when it is whole. */
async function keepCopy(data: string, kept: string): Promise<void> {
  await mkdir(join(kept, '..'), { recursive: true })
  const copy = await mkdtemp(`${kept}-new-`)
  await copyFolder(data, copy)
  await rename(copy, kept).catch(() => rm(copy, { recursive: true })) // another test file was first
}
