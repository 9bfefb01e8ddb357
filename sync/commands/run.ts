import { parseArgs } from 'node:util'
import { commandText as t } from '../../src/messages/command-text.ts'
import type { Run, RunRequest, RunState } from '../../src/store/sync-runs.ts'
import { type CommandHost, commonOptions, type Work, withEngine } from './command-host.ts'
import { executeOrWait } from './execute-or-wait.ts'
import { exitCodeOf, exitCodes } from './exit-codes.ts'
import { printPlan } from './print-plan.ts'
import { hasTask, isUndoable, runNamed } from './run-named.ts'
import { showProgress } from './show-progress.ts'
import { tasksNamed } from './tasks-named.ts'
import { traced } from './traced.ts'
import { lscOptions, withLsc } from './with-lsc.ts'

const options = {
  ...commonOptions,
  only: { type: 'string' },
  all: { type: 'boolean' },
  preview: { type: 'boolean' },
} as const

/** Runs tasks, one after the other; gives the exit code of the worst. */
export async function run(args: string[], host: CommandHost): Promise<number> {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
  return await withEngine(host, values, async (work) => {
    const tasks = tasksNamed(work, positionals, values.all ?? false)
    const only = onlyOf(values.only)
    if (tasks === null || only === 'faulty') return exitCodes.usage
    let worst = 0
    for (const { name: task } of tasks) {
      if (work.signal.aborted) break
      const ended = await start(work, { task, only, preview: values.preview ?? false }, formOf(values))
      worst = Math.max(worst, exitCodeOf(ended))
    }
    return worst
  })
}

/** Plans a run and prints what it would do. */
export async function plan(args: string[], host: CommandHost): Promise<number> {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
  return await withEngine(host, values, async (work) => {
    const only = onlyOf(values.only)
    const task = tasksNamed(work, positionals, false)?.[0]
    if (task === undefined || only === 'faulty') return exitCodes.usage
    const planned = await start(
      work,
      { task: task.name, only, preview: true },
      values.json === true ? 'json' : 'text',
    )
    if (planned !== null) await printPlan(work, planned, values.json ?? false)
    return planned !== null && planned.state === 'planned' && planned.guards.length > 0
      ? exitCodes.held
      : exitCodeOf(planned)
  })
}

/** Takes back what a run has done. */
export async function undo(args: string[], host: CommandHost): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    options: { ...options, ...lscOptions },
    allowPositionals: true,
  })
  return await withEngine(withLsc(host, values), values, async (work) => {
    const undone = await runNamed(work, positionals[0])
    if (undone === null || !hasTask(work, undone)) return exitCodes.usage
    if (!isUndoable(undone)) {
      process.stderr.write(`${t('sync.command.notUndoable')}\n`)
      return exitCodes.usage
    }
    const preview = values.preview ?? false
    const request = { task: undone.task, kind: 'undo', undoes: undone.id, only: null, preview } as const
    const target = { kind: 'run', id: undone.id } as const
    return exitCodeOf(
      await traced(work, { action: 'sync.undo', target }, () => execute(work, request, formOf(values))),
    )
  })
}

type Asked = Pick<RunRequest, 'task' | 'only' | 'preview'>

function start(work: Work, asked: Asked, form: Parameters<typeof showProgress>[2]): Promise<Run | null> {
  const request = { ...asked, kind: asked.only === null ? 'full' : 'entry', undoes: null } as const
  const event = { action: 'sync.run', target: { kind: 'task', id: asked.task } } as const
  return traced(work, event, () => execute(work, request, form))
}

async function execute(
  work: Work,
  request: Omit<RunRequest, 'tenant' | 'requestedBy'>,
  form: Parameters<typeof showProgress>[2],
): Promise<Run | null> {
  const { engine, tenant, operator, clock } = work
  const requested = await engine.request({
    ...request,
    tenant: tenant.name,
    requestedBy: `command: ${operator}`,
  })
  const progress = showProgress(engine, requested, form)
  const giveUp = (state: RunState, code: string): Promise<boolean> =>
    engine.services.runs.advance(requested.id, ['queued'], state, clock(), { failure: { code, detail: '' } })
  try {
    const ended = await executeOrWait(work, requested)
    if (ended === null) await giveUp('cancelled', 'running')
    await progress.end(ended)
    if (ended !== null) tellNothingFound(ended)
    return ended
  } catch (error) {
    // One that nobody will begin would keep others from being asked for.
    await giveUp('failed', 'error').catch(() => {})
    throw error
  } finally {
    progress.stop()
  }
}

/** A misspelt attribute looks like an entry that is as it should be. */
function tellNothingFound({ only, state, counts }: Run): void {
  const isNothing = counts.source === 0 && counts.destination === 0
  if (only !== null && isNothing && (state === 'planned' || state === 'done'))
    process.stderr.write(`${t('sync.command.only.none', only)}\n`)
}

function formOf({ json = false }: { json?: boolean | undefined }): 'json' | 'usual' {
  return json ? 'json' : 'usual'
}

function onlyOf(text: string | undefined): RunRequest['only'] | 'faulty' {
  if (text === undefined) return null
  const at = text.indexOf('=')
  if (at > 0) return { attribute: text.slice(0, at), value: text.slice(at + 1) }
  process.stderr.write(`${t('sync.command.only.form')}\n`)
  return 'faulty'
}
