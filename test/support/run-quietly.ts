import { execFileSync } from 'node:child_process'

/** Runs a program to its end without a word or a question; what it complains of is in the error that is thrown. */
export function runQuietly(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): void {
  execFileSync(command, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8', ...env },
  })
}
