import { parseArgs } from 'node:util'
import { commandText as t } from '../../src/messages/command-text.ts'
import { byText } from '../../src/store/by-text.ts'
import type { Run } from '../../src/store/sync-runs.ts'
import { type CommandHost, commonOptions, withEngine } from './command-host.ts'
import { exitCodes } from './exit-codes.ts'

/** Lists the tasks with their last run, who runs them now, and whether the tenant is frozen. */
export async function list(args: string[], host: CommandHost): Promise<number> {
  const { values } = parseArgs({ args, options: commonOptions })
  return await withEngine(host, values, async ({ engine, tenant }) => {
    const { runs, leases, freeze } = engine.services
    const frozen = await freeze.read(tenant.name)
    const names = engine.tasks(tenant.name).map(({ name }) => name)
    const [holders, lastRuns] = await Promise.all([
      leases.holders(tenant.name, names),
      runs.latestInEarnest(tenant.name, names),
    ])
    const tasks = engine.tasks(tenant.name).map(({ name, when }) => {
      const last = lastRuns.get(name)
      return {
        name,
        schedule: when.schedule,
        follows: when.follows,
        runner: holders.get(name)?.holder ?? null,
        lastRun:
          last === undefined
            ? null
            : { id: last.id, state: last.state, at: last.endedAt ?? last.requestedAt },
      }
    })
    if (values.json === true) process.stdout.write(`${JSON.stringify({ frozen, tasks })}\n`)
    else process.stdout.write(asText(tasks, frozen))
    return exitCodes.done
  })
}

type Listed = {
  name: string
  schedule: string | null
  follows: boolean
  runner: string | null
  lastRun: { id: string; state: Run['state']; at: Date } | null
}

function asText(tasks: readonly Listed[], frozen: { by: string; at: Date; reason: string } | null): string {
  const lines = tasks.length === 0 ? [t('sync.command.noTask')] : tasks.map(lineOf)
  return `${[...(frozen === null ? [] : [frozenLine(frozen)]), ...lines].join('\n')}\n`
}

function frozenLine({ by, at, reason }: { by: string; at: Date; reason: string }): string {
  return t('sync.command.frozen', { by: byText(t, by), at: at.toISOString(), reason })
}

function lineOf({ name, schedule, follows, runner, lastRun }: Listed): string {
  return [
    name,
    schedule ?? t('sync.command.noSchedule'),
    ...(follows ? [t('sync.command.follows')] : []),
    lastRun === null
      ? t('sync.command.never')
      : `${t(`sync.command.state.${lastRun.state}`)} ${lastRun.at.toISOString()} (${lastRun.id})`,
    ...(runner === null ? [] : [t('sync.command.runsOn', { runner })]),
  ].join('  ')
}
