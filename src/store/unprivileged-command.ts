import { spawnSync } from 'node:child_process'
import { lchownSync, lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const nobody = 65_534

/**
 * Words to put before a command of PostgreSQL, which refuses to run as root. Empty when we are not root. The command will own
 * `folders` and all in them; `program` is tried out, because containers differ in what they allow.
 */
export function unprivilegedCommand(folders: string[], program: string, env: NodeJS.ProcessEnv): string[] {
  if (process.getuid?.() !== 0) return []

  // A user namespace in which we have another number, of a user that every system knows by name (initdb looks it up); outside, the files stay root's.
  const renumbered = ['unshare', `--map-user=${nobody}`, `--map-group=${nobody}`, '--']
  for (const folder of folders) giveTo(0, folder)
  if (runs(renumbered, folders, program, env)) return renumbered

  // Kept dac_override: the checkout may lie below a folder that only root enters (/root).
  const demoted = ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups']
  demoted.push('--inh-caps=+dac_override', '--ambient-caps=+dac_override', '--')
  for (const folder of folders) giveTo(nobody, folder)
  if (runs(demoted, folders, program, env)) return demoted
  throw new Error(
    'PostgreSQL does not run as root, and neither unshare nor setpriv works here: start as another user',
  )
}

/** Words that make the kernel signal a command when we die, however that happens; empty where setpriv does not know how. */
export function endsWithUs(signal: 'INT' | 'KILL'): string[] {
  const words = ['setpriv', `--pdeathsig=${signal}`, '--']
  return spawnSync('setpriv', ['--pdeathsig=INT', '--', 'true']).status === 0 ? words : []
}

function runs(words: string[], folders: string[], program: string, env: NodeJS.ProcessEnv): boolean {
  const [command = '', ...rest] = words
  const trial = ['sh', '-c', 'touch "$@" && "$0" --version', program, ...folders]
  return spawnSync(command, [...rest, ...trial], { env, stdio: 'ignore' }).status === 0
}

function giveTo(user: number, path: string): void {
  const stat = lstatSync(path)
  if (stat.uid === user) return
  if (stat.isDirectory()) for (const name of readdirSync(path)) giveTo(user, join(path, name))
  // The folder last: when we are interrupted, the next run starts over.
  lchownSync(path, user, user)
}
