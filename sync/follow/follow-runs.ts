import type { JournalMark, JournalRow } from '../../src/store/sync-journal.ts'
import type { GuardFinding, Run, RunUpdate } from '../../src/store/sync-runs.ts'
import { applyJournal } from '../apply/apply-journal.ts'
import { isMatterOfOrder } from '../apply/failed-rows.ts'
import { createJournalCodec } from '../history/journal-codec.ts'
import { hookRunner } from '../hooks/run-hooks.ts'
import type { TaskAtWork } from '../run/prepare-task.ts'
import { remember } from '../run/remember.ts'
import { type CountKeeper, keepCounts } from '../run/run-counts.ts'
import { createPlanWriter } from '../run/plan-writer.ts'
import type { PlannedBurst } from './plan-burst.ts'

/** A run of the history has at most so many operations, and lasts at most so long: who looks at one sees what happened around then. */
const MOST_OPERATIONS = 2_000
const LONGEST = 300_000

type OpenRun = { readonly run: Run; readonly since: number; readonly keeper: CountKeeper; written: number }

/** The runs in which what a feed brings is kept and applied: one after the other, begun when there is something to do. */
export class FollowRuns {
  #current: OpenRun | null = null
  readonly #work: TaskAtWork

  constructor(work: TaskAtWork) {
    this.#work = work
  }

  /** Writes a burst into the journal and applies it. Gives the ids of records of the source that may work later: their parents are not there yet. */
  async apply(burst: PlannedBurst): Promise<ReadonlySet<string>> {
    const early = new Set<string>()
    const isTold = burst.steps.some((step) => step.changes.length > 0 || step.findings.length > 0)
    if (!isTold) return early
    const current = await this.#write(burst)
    const { services, sides, signal, task } = this.#work
    const { run, keeper } = current
    await applyJournal({
      ...sides,
      signal,
      run: run.id,
      journal: services.journal,
      codec: this.#codec(run),
      rechecks: false,
      afterEach: hookRunner(task.hooks, { journal: services.journal, run: run.id, signal }),
      async onBatch(marks, rows) {
        keeper.applied(marks, rows)
        noteEarly(early, marks, rows)
        await remember(marks, rows, { task, services })
      },
    })
    await services.runs.update(run.id, { counts: keeper.counts }, services.clock())
    return early
  }

  /** Writes a burst into the journal and leaves it to be approved. */
  async hold(burst: PlannedBurst, guards: readonly GuardFinding[]): Promise<void> {
    const { run, keeper } = await this.#write(burst)
    this.#current = null
    await this.#leave(run, 'held', { counts: keeper.counts, guards })
  }

  /** Ends a run that has gone on for long enough. */
  async tidy(): Promise<void> {
    const current = this.#current
    if (current === null) return
    const age = this.#work.services.clock().getTime() - current.since
    if (current.written >= MOST_OPERATIONS || age >= LONGEST) await this.end()
  }

  async end(): Promise<void> {
    const current = this.#current
    this.#current = null
    if (current === null) return
    await this.#leave(current.run, 'done', { counts: current.keeper.counts })
  }

  async #leave({ tenant, id }: Run, state: 'done' | 'held', update: RunUpdate): Promise<void> {
    const { runs, clock, announce } = this.#work.services
    await runs.advance(id, ['applying'], state, clock(), update)
    const left = await runs.read(tenant, id)
    if (left !== null) await announce(left)
  }

  async #write(burst: PlannedBurst): Promise<OpenRun> {
    const current = (this.#current ??= await this.#open())
    const { run, keeper } = current
    const writer = createPlanWriter(this.#work.services.journal, this.#codec(run), run.id, current.written)
    for (const step of burst.steps) keeper.planned(step)
    // An undo goes by the order of the rows.
    const changes = burst.steps
      .flatMap((step) => step.changes)
      .toSorted((one, other) => one.stage - other.stage)
    const findings = burst.steps.flatMap((step) => step.findings)
    const withdrawn = burst.steps.flatMap((step) => step.withdrawn)
    await writer.add({ records: 0, changes, findings, withdrawn })
    keeper.withdrawn(await writer.end())
    current.written = writer.written
    return current
  }

  async #open(): Promise<OpenRun> {
    const { task, services } = this.#work
    const { runs, clock } = services
    const asked = {
      kind: 'incremental',
      preview: false,
      requestedBy: 'follow',
      only: null,
      undoes: null,
    } as const
    const run = await runs.request({ tenant: task.tenant, task: task.name, ...asked }, clock())
    await runs.advance(run.id, ['queued'], 'applying', clock())
    return { run, since: clock().getTime(), keeper: keepCounts(), written: 0 }
  }

  #codec({ tenant, id }: Run) {
    return createJournalCodec(this.#work.services.sealer, { tenant, run: id })
  }
}

function noteEarly(early: Set<string>, marks: readonly JournalMark[], rows: readonly JournalRow[]): void {
  for (const [index, { state, error }] of marks.entries()) {
    const id = rows[index]?.sourceId ?? null
    if (id === null) continue
    if (state === 'failed' && isMatterOfOrder(error?.code)) early.add(id)
    else early.delete(id)
  }
}
