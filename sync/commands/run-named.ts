import { commandText as t } from '../../src/messages/command-text.ts'
import type { Run } from '../../src/store/sync-runs.ts'
import type { Work } from './command-host.ts'

/** The run with this id, or whose id ends so; null, with a word on stderr, when there is none or the end is not enough. */
export async function runNamed({ engine, tenant }: Work, id: string | undefined): Promise<Run | null> {
  if (id === undefined) {
    process.stderr.write(`${t('sync.command.whichRun')}\n`)
    return null
  }
  const exact = await engine.services.runs.read(tenant.name, id)
  if (exact !== null) return exact
  const runs = await engine.services.runs.list({ tenant: tenant.name, limit: 1_000 })
  const found = runs.filter((run) => run.id.endsWith(id))
  if (found.length === 1) return found[0] ?? null
  process.stderr.write(
    `${t(found.length === 0 ? 'sync.command.noRun' : 'sync.command.severalRuns', { id })}\n`,
  )
  return null
}

/** Whether the configuration has the task of a run; false with a word on stderr. */
export function hasTask({ engine, tenant }: Work, { task }: Run): boolean {
  const isThere = engine.tasks(tenant.name).some(({ name }) => name === task)
  if (!isThere) process.stderr.write(`${t('sync.command.taskGone', { task })}\n`)
  return isThere
}

/** Whether a run has ended and has done something that nobody has taken back yet. */
export function isUndoable({ state, counts, undoneBy }: Run): boolean {
  const hasEnded = state === 'done' || state === 'failed' || state === 'cancelled' || state === 'held'
  return hasEnded && undoneBy === null && Object.values(counts.done).some((count) => count > 0)
}
