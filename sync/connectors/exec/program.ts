import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { codeOf } from '../../../src/problems/thrown.ts'

export type Program = {
  /** The file and its arguments; no shell. */
  readonly command: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly input: string
  /** Milliseconds that it may take, or be silent when its output is read as it comes. */
  readonly timeout: number
}

/** How a program ended. `said`: its last line on stderr that begins with `ERROR:`, as LSC has it. */
export type End = {
  readonly how: 'exited' | 'killed' | 'too-slow' | 'stopped' | 'not-started'
  readonly status: number
  readonly said: string
}

/** A program that runs. Whoever takes its output to the end asks how it ended. */
export type Running = { readonly output: AsyncIterable<Buffer>; readonly ended: Promise<End> }

const HANDED_ON = ['PATH', 'HOME', 'LANG', 'TZ'] as const
const MOST_SAID = 200

/** Starts a program, whose output is read as it comes. It and what it started are killed when it is silent for too long, and when its reader stops. */
export function startProgram(
  { command, environment, input, timeout }: Program,
  signal?: AbortSignal,
): Running {
  const [file = '', ...args] = command
  const inherited = Object.fromEntries(HANDED_ON.map((name) => [name, process.env[name]]))
  // Detached: the head of a group, which is killed as a whole.
  const child = spawn(file, args, { env: { ...inherited, ...environment }, stdio: 'pipe', detached: true })
  let reason: End['how'] | undefined
  const kill = (why: End['how']): void => {
    reason ??= why
    killGroup(child)
  }
  const watch = watchdog(timeout, () => kill('too-slow'))
  const onAbort = (): void => kill('stopped')
  signal?.addEventListener('abort', onAbort, { once: true })
  if (signal?.aborted === true) onAbort()
  // One that reads nothing is not at fault.
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const ended = endOf(child, () => reason).finally(() => {
    watch.stop()
    signal?.removeEventListener('abort', onAbort)
  })
  async function* output(): AsyncGenerator<Buffer> {
    try {
      for await (const chunk of child.stdout) {
        watch.pause()
        if (Buffer.isBuffer(chunk)) yield chunk
        watch.go()
      }
    } finally {
      if (!child.stdout.readableEnded) kill('stopped')
    }
  }
  return { output: output(), ended }
}

/** Runs a program to its end and gives all that it wrote. */
export async function runProgram(program: Program, signal?: AbortSignal): Promise<End & { output: Buffer }> {
  const late = AbortSignal.timeout(program.timeout)
  const running = startProgram(program, AbortSignal.any([late, ...(signal ? [signal] : [])]))
  const output = Buffer.concat(await Array.fromAsync(running.output))
  const end = await running.ended
  return { ...end, how: end.how === 'stopped' && late.aborted ? 'too-slow' : end.how, output }
}

async function endOf(child: ChildProcess, reason: () => End['how'] | undefined): Promise<End> {
  const said = child.stderr === null ? Promise.resolve('') : text(child.stderr).then(lastError)
  try {
    await once(child, 'close')
    const { exitCode } = child
    const how = reason() ?? (exitCode === null ? 'killed' : 'exited')
    return { how, status: exitCode ?? -1, said: await said }
  } catch (error) {
    return { how: 'not-started', status: -1, said: codeOf(error) || 'error' }
  }
}

function lastError(stderr: string): string {
  const lines = stderr.split('\n').flatMap((line) => /^ERROR:\s*(.*)/.exec(line)?.[1] ?? [])
  return (lines.at(-1) ?? '').slice(0, MOST_SAID)
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended.
  }
}

function watchdog(timeout: number, bite: () => void): { pause(): void; go(): void; stop(): void } {
  let timer: NodeJS.Timeout | undefined
  let isOver = false
  const pause = (): void => clearTimeout(timer)
  const go = (): void => {
    if (!isOver) timer = setTimeout(bite, timeout)
  }
  go()
  return {
    pause,
    go,
    stop() {
      isOver = true
      pause()
    },
  }
}
