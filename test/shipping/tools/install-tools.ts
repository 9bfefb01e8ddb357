import { hash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { whileLocked } from '../../support/lock.ts'
import { cacheFolder } from '../../support/programs.ts'
import { runQuietly } from '../../support/run-quietly.ts'

const files = ['package.json', 'package-lock.json'] as const

/** One for each content of the lockfile: another version never meets the packages of this one. */
const folder = join(cacheFolder, `shipping-tools-${digestOf(join(import.meta.dirname, 'package-lock.json'))}`)

/** The folder whose node_modules has what package.json beside this file names: installed there once, about 10 s. */
export async function toolsFolder(): Promise<string> {
  if (existsSync(folder)) return folder
  mkdirSync(cacheFolder, { recursive: true })
  return await whileLocked(join(cacheFolder, 'shipping-tools.lock'), async () => {
    if (!existsSync(folder)) install()
    return folder
  })
}

/** As `require.resolve` of a tool, or of a file in its package. */
export async function resolveTool(name: string): Promise<string> {
  return createRequire(join(await toolsFolder(), 'package.json')).resolve(name)
}

function install(): void {
  const unfinished = `${folder}-new`
  rmSync(unfinished, { recursive: true, force: true })
  mkdirSync(unfinished)
  for (const file of files) copyFileSync(join(import.meta.dirname, file), join(unfinished, file))
  runQuietly('npm', ['ci', '--prefix', unfinished, '--ignore-scripts', '--no-audit', '--no-fund'])
  renameSync(unfinished, folder)
}

function digestOf(file: string): string {
  return hash('sha256', readFileSync(file)).slice(0, 16)
}
