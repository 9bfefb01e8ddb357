import { parseArgs } from 'node:util'
import { commandText as t } from '../../src/messages/command-text.ts'
import { type CommandHost, commonOptions, withEngine } from './command-host.ts'
import { executeOrWait } from './execute-or-wait.ts'
import { exitCodeOf, exitCodes } from './exit-codes.ts'
import { hasTask, runNamed } from './run-named.ts'
import { showProgress } from './show-progress.ts'
import { traced } from './traced.ts'
import { lscOptions, withLsc } from './with-lsc.ts'

/** Applies just the plan of a run, each entry looked at again before. */
export async function approve(args: string[], host: CommandHost): Promise<number> {
  const options = { ...commonOptions, ...lscOptions }
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
  return await withEngine(withLsc(host, values), values, async (work) => {
    const { engine, tenant, operator, clock } = work
    const run = await runNamed(work, positionals[0])
    if (run === null || !hasTask(work, run)) return exitCodes.usage
    const target = { kind: 'run', id: run.id } as const
    return await traced(work, { action: 'sync.approve', target }, async () => {
      const approved = await engine.services.runs.approve(
        tenant.name,
        run.id,
        `command: ${operator}`,
        clock(),
      )
      if (!approved) {
        const state = t(`sync.command.state.${run.state}`)
        process.stderr.write(`${t('sync.command.notApprovable', { state })}\n`)
        return exitCodes.usage
      }
      const progress = showProgress(engine, run, values.json === true ? 'json' : 'usual')
      const ended = await executeOrWait(work, run).finally(() => progress.stop())
      await progress.end(ended)
      return exitCodeOf(ended)
    })
  })
}

/** Stops a run, or gives up a plan that waits. */
export async function cancel(args: string[], host: CommandHost): Promise<number> {
  const { values, positionals } = parseArgs({ args, options: commonOptions, allowPositionals: true })
  return await withEngine(host, values, async (work) => {
    const run = await runNamed(work, positionals[0])
    if (run === null) return exitCodes.usage
    const open = ['queued', 'reading', 'approved', 'applying', 'planned', 'held'] as const
    const { runs } = work.engine.services
    const target = { kind: 'run', id: run.id } as const
    const isDone = await traced(work, { action: 'sync.cancel', target }, () =>
      runs.advance(run.id, open, 'cancelled', work.clock()),
    )
    const state = t(`sync.command.state.${run.state}`)
    const told = isDone ? t('sync.command.cancelled') : t('sync.command.notCancellable', { state })
    process.stderr.write(`${told}\n`)
    return isDone ? exitCodes.done : exitCodes.usage
  })
}

/** Lets no run of the tenant write. */
export async function freeze(args: string[], host: CommandHost): Promise<number> {
  const { values, positionals } = parseArgs({ args, options: commonOptions, allowPositionals: true })
  const reason = positionals.join(' ').trim()
  if (reason === '') {
    process.stderr.write(`${t('sync.command.freeze.why')}\n`)
    return exitCodes.usage
  }
  return await withEngine(host, values, async (work) => {
    const { engine, tenant, operator, clock } = work
    const isNew = await traced(work, { action: 'sync.freeze', reason }, () =>
      engine.services.freeze.freeze(tenant.name, `command: ${operator}`, reason, clock()),
    )
    const told = isNew
      ? t('sync.command.freeze.done', { tenant: tenant.name })
      : t('sync.command.freeze.already')
    process.stderr.write(`${told}\n`)
    return exitCodes.done
  })
}

/** Lets the runs of the tenant write again. */
export async function thaw(args: string[], host: CommandHost): Promise<number> {
  const { values } = parseArgs({ args, options: commonOptions })
  return await withEngine(host, values, async (work) => {
    const { engine, tenant } = work
    const wasFrozen = await traced(work, { action: 'sync.thaw' }, () =>
      engine.services.freeze.thaw(tenant.name),
    )
    const told = wasFrozen
      ? t('sync.command.thaw.done', { tenant: tenant.name })
      : t('sync.command.thaw.already')
    process.stderr.write(`${told}\n`)
    return exitCodes.done
  })
}
