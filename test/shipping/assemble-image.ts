import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import packageFile from '../../package.json' with { type: 'json' }
import { template } from '../support/template.ts'
import { readContainerfile, root, type Stage } from './containerfile.ts'

/** Where the program is in the image. */
export const program = '/opt/idaas'

/**
 * Does in a folder what deploy/Containerfile says, without a container: its COPYs by copying and its RUNs by the shell, so that the files of
 * the image are there without what bases bring. Gives the root of the last stage.
 */
export async function assembleImage(folder: string): Promise<string> {
  const [build, , image] = readContainerfile()
  if (build === undefined || image === undefined) throw new Error('deploy/Containerfile has other stages')
  await follow(build, join(folder, 'build'), root, (from, to) => cpSync(from, to, { recursive: true }))
  await follow(image, join(folder, 'image'), join(folder, 'build'), link)
  return join(folder, 'image')
}

async function follow(
  { instructions }: Stage,
  target: string,
  context: string,
  copy: (from: string, to: string) => void,
): Promise<void> {
  const cwd = join(target, program)
  mkdirSync(cwd, { recursive: true })
  for (const { name, text } of instructions) {
    if (name === 'COPY') copyAll(text, target, context, copy)
    else if (name === 'RUN' && text.startsWith('npm ci')) await installPackages(text, cwd)
    else if (name === 'RUN') run(text, cwd)
  }
}

function copyAll(
  text: string,
  target: string,
  context: string,
  copy: (from: string, to: string) => void,
): void {
  const sources = text.split(/\s+/)
  const into = sources.pop() ?? ''
  const folder = join(target, into.startsWith('/') ? '' : program, into)
  for (const from of sources.map((source) => join(context, source))) {
    // Of a folder its content is copied, not itself.
    const to = into.endsWith('/') && statSync(from).isFile() ? join(folder, basename(from)) : folder
    mkdirSync(dirname(to), { recursive: true })
    copy(from, to)
  }
}

/** Half a gigabyte in 20,000 files, most of which is thrown away: kept until the lockfile or the Containerfile changes. */
async function installPackages(text: string, cwd: string): Promise<void> {
  const lockfile = readFileSync(join(cwd, 'package-lock.json'), 'utf8')
  const made = await template('image-packages', [text, lockfile], async (folder) => {
    for (const file of ['package.json', 'package-lock.json']) cpSync(join(cwd, file), join(folder, file))
    run(text, folder)
  })
  link(join(made, 'node_modules'), join(cwd, 'node_modules'))
}

function link(from: string, to: string): void {
  execFileSync('cp', ['-a', '--link', '--no-target-directory', from, to])
}

function run(text: string, cwd: string): void {
  const env = {
    PATH: `${dirname(process.execPath)}:${process.env['PATH']}`,
    HOME: process.env['HOME'],
    VERSION: packageFile.version,
  }
  execFileSync('sh', ['-euc', text], { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] })
}
