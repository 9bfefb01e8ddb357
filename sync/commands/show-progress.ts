import { setTimeout } from 'node:timers/promises'
import { commandText as t } from '../../src/messages/command-text.ts'
import type { Run } from '../../src/store/sync-runs.ts'
import type { SyncEngine } from '../run/create-engine.ts'
import { summaryOf } from './summary.ts'

/** Milliseconds between two looks. */
const INTERVAL = 250
const WIDTH = 30

/** Shows how a run gets on, or the one of a killed runner that is ended before it: a line that changes on a terminal, a line of JSON a second elsewhere. `text`: no JSON, for commands that print something to read. */
export function showProgress(engine: SyncEngine, { tenant, task, id }: Run, form: 'json' | 'text' | 'usual') {
  const isTerminal = process.stderr.isTTY && form !== 'json'
  const writesJson = form === 'json' || (form === 'usual' && !process.stdout.isTTY)
  const stop = new AbortController()
  const follow = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      const run = await engine.services.runs.read(tenant, id)
      const earlier = run?.state === 'queued' ? await engine.services.runs.unfinished(tenant, run.task) : null
      const shown = earlier ?? run
      if (shown !== null && !stop.signal.aborted) print(shown)
      await setTimeout(isTerminal ? INTERVAL : 1_000, undefined, { signal: stop.signal }).catch(() => {})
    }
  }
  const print = (run: Run): void => {
    if (isTerminal) process.stderr.write(`\r\u001b[2K${bar(run)}`)
    else if (writesJson && (run.state === 'reading' || run.state === 'applying')) writeLine('progress', run)
  }
  const runningAlready = async (): Promise<string> => {
    const runner = await engine.services.leases.holder(tenant, task)
    return runner === null
      ? t('sync.command.running')
      : t('sync.command.runningOn', { runner: runner.holder })
  }
  // Progress is not worth a failed run.
  follow().catch(() => {})
  return {
    stop: () => stop.abort(),
    async end(run: Run | null): Promise<void> {
      stop.abort()
      if (isTerminal) process.stderr.write('\r\u001b[2K')
      if (run === null) process.stderr.write(`${await runningAlready()}\n`)
      else if (writesJson) writeLine('end', run)
      else process.stdout.write(`${summaryOf(run)}\n`)
    },
  }
}

function bar({ state, counts, task }: Run): string {
  if (state !== 'applying') {
    const { source, destination } = counts
    return t('sync.command.reading', { task, state: t(`sync.command.state.${state}`), source, destination })
  }
  const planned = sum(counts.planned)
  const done = sum(counts.done) + counts.failed + counts.conflicts
  const share = planned === 0 ? 1 : Math.min(1, done / planned)
  const filled = Math.round(share * WIDTH)
  const drawn = '█'.repeat(filled) + '░'.repeat(WIDTH - filled)
  return t('sync.command.progress', { task, bar: drawn, done, planned })
}

function writeLine(event: 'progress' | 'end', { id, task, state, counts, guards, failure }: Run): void {
  process.stdout.write(`${JSON.stringify({ event, run: id, task, state, counts, guards, failure })}\n`)
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0)
}
