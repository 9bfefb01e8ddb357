import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export type Ended = { code: number | null; stdout: string; stderr: string }

/** The command line's file. */
export const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

/** Runs `idaas` with these arguments until it ends. */
export function idaas(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  return start([main, ...args], env).ended
}

/** Starts a program of ours, which reads `input`. `said` waits until its output holds a text. */
export function start(args: readonly string[], env: Record<string, string> = {}, input = '') {
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env['PATH'], ...env },
    stdio: 'pipe',
  })
  // It need not read to the end.
  child.stdin.on('error', () => {}).end(input)
  const output = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text))
  return { child, ended: endOf(child, output), said: (text: string) => said(child, output, text) }
}

async function endOf(child: ChildProcess, output: { stdout: string; stderr: string }): Promise<Ended> {
  await once(child, 'close')
  return { code: child.exitCode, ...output }
}

async function said(child: ChildProcess, output: { stdout: string }, text: string): Promise<void> {
  while (!output.stdout.includes(text)) {
    if (child.stdout === null || child.exitCode !== null) throw new Error(`ended before it said ${text}`)
    await once(child.stdout, 'data')
  }
}
