import { parseArgs } from 'node:util'
import { commandText } from '../../src/messages/command-text.ts'
import type { Run } from '../../src/store/sync-runs.ts'
import { type CommandHost, commonOptions, type Work, withEngine } from './command-host.ts'
import { exitCodes } from './exit-codes.ts'
import { printPlan } from './print-plan.ts'
import { runNamed } from './run-named.ts'
import { summaryOf } from './summary.ts'

/** Lists the last runs, newest first. */
export async function history(args: string[], host: CommandHost): Promise<number> {
  const options = { ...commonOptions, limit: { type: 'string', default: '20' } } as const
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
  return await withEngine(host, values, async ({ engine, tenant }) => {
    const [task] = positionals
    const limit = Math.max(1, Number.parseInt(values.limit, 10) || 20)
    const runs = await engine.services.runs.list({
      tenant: tenant.name,
      limit,
      ...(task !== undefined && { task }),
    })
    for (const run of runs)
      process.stdout.write(
        `${values.json === true ? JSON.stringify(run) : await datedSummary(engine, run)}\n`,
      )
    if (runs.length === 0 && values.json !== true)
      process.stdout.write(`${commandText('sync.command.noHistory')}\n`)
    return exitCodes.done
  })
}

/** Prints a run with its operations and findings. */
export async function show(args: string[], host: CommandHost): Promise<number> {
  const { values, positionals } = parseArgs({ args, options: commonOptions, allowPositionals: true })
  return await withEngine(host, values, async (work) => {
    const run = await runNamed(work, positionals[0])
    if (run === null) return exitCodes.usage
    process.stdout.write(
      `${values.json === true ? JSON.stringify({ event: 'run', ...run }) : await datedSummary(work.engine, run)}\n`,
    )
    await printPlan(work, run, values.json ?? false)
    return exitCodes.done
  })
}

async function datedSummary({ services }: Work['engine'], run: Run): Promise<string> {
  const runner = run.state === 'applying' ? await services.leases.holder(run.tenant, run.task) : null
  return summaryOf(run, { dated: true, runner: runner?.holder ?? null })
}
