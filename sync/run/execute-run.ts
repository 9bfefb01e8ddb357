import type { Run, RunState } from '../../src/store/sync-runs.ts'
import { applyJournal } from '../apply/apply-journal.ts'
import { ApplyFailure, IncompleteSource } from '../connectors/connector.ts'
import { ExpressionFaults } from '../expressions/prepare.ts'
import { createJournalCodec } from '../history/journal-codec.ts'
import { planUndo } from '../history/plan-undo.ts'
import { hookRunner } from '../hooks/run-hooks.ts'
import type { Task } from '../task/task.ts'
import { countsWith, keepCounts } from './run-counts.ts'
import type { Sides } from './open-sides.ts'
import { planEntry } from './plan-entry.ts'
import { planRun, type PlannedRun, type Planning } from './plan-run.ts'
import { remember } from './remember.ts'
import { Stopped, stopping } from './stopping.ts'
import type { SyncServices } from './sync-services.ts'

/**
 * Does a run, whatever state it was left in, until it is done, held, or stopped: its state says which. The caller holds the task's lease; `signal` ends it.
 * What was killed while it applied goes on where it was; what was killed while it read has written nothing, and is failed.
 */
export async function executeRun(
  run: Run,
  task: Task,
  services: SyncServices,
  signal: AbortSignal,
): Promise<void> {
  try {
    await execute(run, task, services, signal)
  } finally {
    const left = await services.runs.read(run.tenant, run.id)
    if (left !== null && left.state !== run.state && telling.has(left.state)) await services.announce(left)
  }
}

/** What others are told of: a preview is for whoever asked for it. */
const telling: ReadonlySet<RunState> = new Set(['done', 'held', 'incomplete', 'failed', 'cancelled'])

async function execute(run: Run, task: Task, services: SyncServices, signal: AbortSignal): Promise<void> {
  const move = (from: readonly RunState[], to: RunState, extra = {}): Promise<boolean> =>
    services.runs.advance(run.id, from, to, services.clock(), extra)
  if (run.state === 'reading') {
    await move(['reading'], 'failed', {
      failure: { code: 'killed', detail: 'killed while reading: nothing was written' },
    })
    return
  }
  if (!['queued', 'approved', 'applying'].includes(run.state)) return
  let sides: Sides | undefined
  try {
    sides = await services.openSides(task)
    if (run.state === 'queued') await fromTheStart({ run, task, sides, services, signal }, move)
    else if (await move(['approved', 'applying'], 'applying'))
      await apply({ run, task, sides, services, signal }, true)
  } catch (thrown) {
    // What a side throws that was told to stop.
    const error = signal.aborted && !isKnown(thrown) ? new Stopped('shut-down') : thrown
    // Whoever has the task next goes on with the run.
    if (error instanceof Stopped && error.reason === 'lease-lost') return
    if (error instanceof Stopped && error.reason === 'shut-down' && (await isApplying(run, services))) return
    await move(['queued', 'reading', 'approved', 'applying'], stateAfter(error), {
      failure: failureOf(error),
    })
    if (!isKnown(error)) throw error
  } finally {
    await sides?.close()
  }
}

async function isApplying({ tenant, id }: Run, { runs }: SyncServices): Promise<boolean> {
  return (await runs.read(tenant, id))?.state === 'applying'
}

type Work = Omit<Planning, 'onProgress'>
type Move = (from: readonly RunState[], to: RunState, extra?: object) => Promise<boolean>

async function fromTheStart(work: Work, move: Move): Promise<void> {
  const { run, services } = work
  if (!(await move(['queued'], 'reading'))) return
  const stop = stopping(work)
  const planned = await planOf({ ...work, onProgress: (counts) => stop.check({ counts }) })
  if (run.preview) return void (await move(['reading'], 'planned', planned))
  const frozen = await services.freeze.read(run.tenant)
  const guards =
    frozen === null || !writes(planned)
      ? planned.guards
      : [...planned.guards, { guard: 'frozen', count: 1, limit: 0 } as const]
  if (guards.length > 0) return void (await move(['reading'], 'held', { ...planned, guards }))
  if (await move(['reading'], 'applying', planned))
    // What an undo takes back was done a while ago.
    await apply({ ...work, run: { ...run, ...planned } }, run.undoes !== null)
}

function writes({ counts }: PlannedRun): boolean {
  return Object.values(counts.planned).some((count) => count > 0)
}

function planOf(planning: Planning): Promise<PlannedRun> {
  const { undoes, only } = planning.run
  if (undoes !== null) return planUndo(planning, undoes)
  return only === null ? planRun(planning) : planEntry(planning, only)
}

async function apply(work: Work, rechecks: boolean): Promise<void> {
  const { run, task, sides, services, signal } = work
  // What a killed runner had done since it last told is in the journal alone.
  const keeper = keepCounts(
    rechecks ? countsWith(run.counts, await services.journal.counts(run.id)) : run.counts,
  )
  const stop = stopping(work)
  await stop.now({})
  await applyJournal({
    ...sides,
    signal,
    run: run.id,
    journal: services.journal,
    codec: createJournalCodec(services.sealer, { tenant: run.tenant, run: run.id }),
    rechecks,
    afterEach: hookRunner(task.hooks, { journal: services.journal, run: run.id, signal }),
    async onBatch(marks, rows) {
      keeper.applied(marks, rows)
      await remember(marks, rows, { task, services })
      await stop.check({ counts: keeper.counts })
    },
  })
  const { counts } = keeper
  await services.runs.advance(run.id, ['applying'], 'done', services.clock(), { counts })
  if (run.undoes !== null) await services.runs.update(run.undoes, { undoneBy: run.id }, services.clock())
}

function isKnown(error: unknown): boolean {
  return (
    error instanceof IncompleteSource ||
    error instanceof ApplyFailure ||
    error instanceof ExpressionFaults ||
    error instanceof Stopped
  )
}

function stateAfter(error: unknown): RunState {
  if (error instanceof IncompleteSource) return 'incomplete'
  // A freeze can be lifted, and a plan that was stopped half way be approved again.
  return error instanceof Stopped && error.reason === 'frozen' ? 'held' : 'failed'
}

function failureOf(error: unknown): Run['failure'] {
  if (error instanceof IncompleteSource) return { code: error.reason, detail: error.message }
  if (error instanceof ApplyFailure) return { code: `${error.kind}: ${error.code}`, detail: error.message }
  if (error instanceof ExpressionFaults) return { code: 'faulty-script', detail: error.message }
  if (error instanceof Stopped) return { code: error.reason, detail: '' }
  // A message of somebody else's error may hold values.
  return { code: error instanceof Error ? error.name : 'error', detail: '' }
}
