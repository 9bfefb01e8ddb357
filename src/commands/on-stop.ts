import { stackOf } from '../problems/thrown.ts'
type Close = () => Promise<void>

const closers: Close[] = []
let longest = 0
let isStopping = false
let isImpatient = false

/**
 * Registers what has to end when the process is told to (SIGTERM, SIGINT, SIGHUP): the last registered first, so that nothing loses what
 * it stands on. The process then exits with 0, or with 1 when something failed or `deadline` milliseconds have passed since the signal (the
 * longest that was asked for; Kubernetes kills after 30 s).
 */
export function onStop(close: Close, { deadline = 25_000 } = {}): void {
  if (longest === 0)
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void stop())
  closers.push(close)
  longest = Math.max(longest, deadline)
}

async function stop(): Promise<void> {
  if (isImpatient) process.exit(1)
  if (isStopping) return
  isStopping = true
  // Ctrl-C reaches us twice at once, from the terminal and from npm: only a later signal is a person who will not wait.
  setTimeout(() => (isImpatient = true), 1_000).unref()
  setTimeout(() => {
    process.stderr.write(`not ended within ${longest} ms: giving up\n`)
    process.exit(1)
  }, longest)

  let exitCode = 0
  // What is registered meanwhile, by a start that goes on, is ended too.
  for (let close = closers.pop(); close !== undefined; close = closers.pop()) {
    try {
      await close()
    } catch (error) {
      process.stderr.write(`${stackOf(error)}\n`)
      exitCode = 1
    }
  }
  process.exit(exitCode)
}
