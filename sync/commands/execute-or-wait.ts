import { setTimeout } from 'node:timers/promises'
import type { Run } from '../../src/store/sync-runs.ts'
import type { Work } from './command-host.ts'

/** Milliseconds in which a worker that follows a task looks at what is asked for, and looks ten times. */
const PATIENCE = 10_000
const INTERVAL = 250

/**
 * Does a run here or, when a worker follows its task, waits for that worker to do it between two changes. Null when the task is running already. A signal ends the
 * waiting; the worker goes on.
 */
export async function executeOrWait({ engine, signal }: Work, run: Run): Promise<Run | null> {
  const ended = await engine.execute(run, signal)
  const task = engine.tasks(run.tenant).find(({ name }) => name === run.task)
  if (ended !== null || task?.when.follows !== true) return ended
  const began = performance.now()
  for (;;) {
    const current = await engine.services.runs.read(run.tenant, run.id)
    const isWaiting = current?.state === 'queued' || current?.state === 'approved'
    if (isWaiting && performance.now() - began > PATIENCE) return null
    const isWorkedOn = current?.state === 'reading' || current?.state === 'applying'
    if (signal.aborted || !(isWaiting || isWorkedOn)) return current
    await setTimeout(INTERVAL, undefined, { signal }).catch(() => {})
  }
}
