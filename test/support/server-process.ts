import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { once } from 'node:events'
import { until } from './poll.ts'
import { isStopped } from './processes.ts'
import type { Program } from './programs.ts'

/** A real server as a child process of the tests. */
export interface ServerProcess {
  readonly pid: number
  /** How it ended ('0', 'SIGKILL'), or undefined while it runs. */
  ended(): string | undefined
  /** Sends a signal and does not wait. */
  signal(name: NodeJS.Signals): void
  /** It hangs when this resolves; SIGCONT lets it go on. */
  pause(): Promise<void>
  /** Asks it to end and waits; after 5 s it is killed. */
  end(name: NodeJS.Signals): Promise<void>
  /** The last 2,000 characters of what it printed. */
  log(): string
}

/**
 * Starts a server in the foreground; its output goes to `logFile`.
 *
 * However the test process ends, by SIGKILL too, the kernel ends the server (prctl PR_SET_PDEATHSIG, through util-linux's
 * setpriv). It has a session of its own: in the group of the run, one that is paused would bring a SIGHUP upon all of that group when
 * a daemon among them leaves it without a parent (setpgid(2), orphaned process groups).
 */
export function startServer(
  program: Pick<Program, 'path' | 'env'>,
  args: readonly string[],
  logFile: string,
): ServerProcess {
  const log = openSync(logFile, 'a')
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', program.path, ...args], {
    env: program.env,
    stdio: ['ignore', log, log],
    detached: true,
  })
  closeSync(log)
  let ended: string | undefined
  child.once('exit', (code, signal) => {
    ended = signal ?? String(code)
  })
  child.once('error', (error) => {
    ended = error.message
  })
  return {
    pid: child.pid ?? -1,
    ended: () => ended,
    signal: (name) => void child.kill(name),
    async pause() {
      child.kill('SIGSTOP')
      await until(() => isStopped(child.pid ?? -1), { within: 5000, every: 1 })
    },
    log: () => readFileSync(logFile, 'utf8').slice(-2000),
    async end(name) {
      if (ended !== undefined) return
      const exit = once(child, 'exit')
      child.kill(name)
      const timer = setTimeout(() => child.kill('SIGKILL'), 5000)
      await exit
      clearTimeout(timer)
    },
  }
}
