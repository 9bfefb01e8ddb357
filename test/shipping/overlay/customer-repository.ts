import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deploy } from './render-base.ts'

export type CustomerRepository = {
  /** A clone with its submodule, as an operator has it. */
  folder: string
  /** Replaces a text of a file, which has to be there, and commits. */
  commit: (file: string, from: string, to: string) => void
  git: (...args: readonly string[]) => void
}

/** The example of a customer as it really is: a repository of its own with the product as submodule at a tag, and a clone of it with `--recurse-submodules`. */
export function cloneCustomerRepository(): CustomerRepository {
  const work = mkdtempSync(join(tmpdir(), 'idaas-customer-'))
  const product = join(work, 'product')
  cpSync(deploy, join(product, 'deploy'), { recursive: true })
  commitAll(product)
  git(product, 'tag', 'v1')
  const origin = join(work, 'acme')
  cpSync(join(deploy, 'customers/example'), origin, { recursive: true })
  git(origin, 'init', '--quiet')
  git(origin, 'submodule', '--quiet', 'add', product, 'product')
  git(join(origin, 'product'), 'checkout', '--quiet', 'v1')
  commitAll(origin)
  const folder = join(work, 'clone')
  git(work, 'clone', '--quiet', '--recurse-submodules', origin, folder)
  return {
    folder,
    git: (...args) => git(folder, ...args),
    commit: (file, from, to) => {
      const text = readFileSync(join(folder, file), 'utf8')
      if (!text.includes(from)) throw new Error(`${file} has no ${from}`)
      writeFileSync(join(folder, file), text.replace(from, to))
      git(folder, 'commit', '--quiet', '--all', '--message', `${from} -> ${to}`)
    },
  }
}

function commitAll(folder: string): void {
  git(folder, 'init', '--quiet')
  git(folder, 'add', '--all')
  git(folder, 'commit', '--quiet', '--message', 'Begin')
}

/** As nobody in particular; git lets a submodule come from a folder only when it is told to. */
function git(folder: string, ...args: readonly string[]): void {
  const settings = ['protocol.file.allow=always', 'user.name=acme', 'user.email=acme@example.org']
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' }
  const options = settings.flatMap((setting) => ['-c', setting])
  execFileSync('git', [...options, '-C', folder, ...args], { env, stdio: ['ignore', 'ignore', 'pipe'] })
}
