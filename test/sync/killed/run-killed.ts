import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Run } from '../../../src/store/sync-runs.ts'
import { until } from '../../support/poll.ts'
import type { KillSite } from './site.ts'

/** Milliseconds from the beginning of a run within which it reads. */
const READING = 800

/**
 * Does a run of a task in processes of which `kills` are killed (-9): a few while it reads, the others at random numbers of writes. What was killed while it
 * read is asked for anew. Gives the run as it ended, and how many processes were killed: fewer, if one ended before it was its turn.
 */
export async function runKilled(
  site: KillSite,
  task: string,
  { kills, writes, random }: { kills: number; writes: number; random: () => number },
): Promise<{ run: Run; killed: number }> {
  const whileReading = Math.round(kills / 5)
  const start = await site.writeCount()
  const points = Array.from({ length: kills - whileReading }, () => random() * writes)
  const waits: ((isOver: () => boolean) => Promise<unknown>)[] = [
    ...Array.from({ length: whileReading }, () => () => pause(random() * READING)),
    ...points
      .toSorted((one, other) => one - other)
      .map((point) => async (isOver: () => boolean) => {
        await until(async () => isOver() || (await site.writeCount()) >= start + point, { within: 60_000 })
        await pause(random() * 20)
      }),
  ]
  let run = await request(site, task)
  let killed = 0
  for (;;) {
    // Whoever finds a run that was killed while it read only says so.
    if (await runOnce(site, run, run.state === 'reading' ? undefined : waits.shift())) killed += 1
    const current = await site.engine.services.runs.read('acme', run.id)
    if (current === null) throw new Error(`run ${run.id} is gone`)
    run =
      current.state === 'failed' && current.failure?.code === 'killed' ? await request(site, task) : current
    if (!['queued', 'reading', 'applying'].includes(run.state)) return { run, killed }
  }
}

export function request({ engine }: KillSite, task: string): Promise<Run> {
  const asked = { kind: 'full', preview: false, requestedBy: 'test', only: null, undoes: null } as const
  return engine.request({ tenant: 'acme', task, ...asked })
}

export function startRunner(config: string, run: string): ChildProcessByStdio<null, Readable, null> {
  const file = fileURLToPath(new URL('runner.ts', import.meta.url))
  return spawn(process.execPath, [file, config, run], { stdio: ['ignore', 'pipe', 'inherit'] })
}

/** Whether the process was killed; without `wait` it is left to end. */
async function runOnce(
  { config }: KillSite,
  { id }: Run,
  wait?: (isOver: () => boolean) => Promise<unknown>,
): Promise<boolean> {
  const child = startRunner(config, id)
  const exit = once(child, 'exit')
  if (wait !== undefined) {
    await Promise.race([once(child.stdout, 'data'), exit])
    await wait(() => child.exitCode !== null)
    child.kill('SIGKILL')
  }
  const [code, signal] = await exit
  if (signal === null && code !== 0) throw new Error(`a runner ended with ${code}`)
  return signal === 'SIGKILL'
}
