import { execFile } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type PeopleOptions, writePeopleLdif } from './people-ldif.ts'
import type { Program } from './programs.ts'
import { copyFolder, sources, template } from './template.ts'

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
  const code = await sources(
    'people.ts',
    'groups.ts',
    'people-ldif.ts',
    'ldif-entry.ts',
    'password-hashes.ts',
  )
  const conf = (await readFile(join(dir, 'slapd.conf'), 'utf8')).replaceAll(dir, '')
  const madeOf = [JSON.stringify(seed), conf, ...code]
  const made = await template(`slapd-${seed.people}`, madeOf, async (folder) => {
    const ldif = join(dir, 'seed.ldif')
    await writePeopleLdif(ldif, suffix, seed)
    await slapadd(program, dir, suffix, ldif)
    await rm(ldif)
    await copyFolder(join(dir, 'data'), folder)
  })
  await copyFolder(made, join(dir, 'data'))
}

async function slapadd(program: Program, dir: string, suffix: string, ldif: string): Promise<void> {
  const { path, env } = program
  await run(path, ['-Tadd', '-q', '-f', join(dir, 'slapd.conf'), '-b', suffix, '-l', ldif], { env })
}
