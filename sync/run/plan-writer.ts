import type { SyncJournal } from '../../src/store/sync-journal.ts'
import type { JournalCodec } from '../history/journal-codec.ts'
import type { Finding, PlannedChange } from '../plan/change.ts'
import type { PlanStep } from '../plan/plan-batch.ts'

/** Rows that are written together. */
const BATCH = 1_000
/** Findings of a run that are kept; the counts go on. A pivot that is missing everywhere would fill the store. */
const MOST_FINDINGS = 10_000

/** Writes a plan into the journal while it is made. */
export type PlanWriter = {
  add(step: PlanStep): Promise<void>
  /** Writes what is left and takes out what turned out ambiguous; gives how much of each kind that was. */
  end(): ReturnType<SyncJournal['withdraw']>
  readonly written: number
}

export function createPlanWriter(
  journal: SyncJournal,
  codec: JournalCodec,
  run: string,
  start = 0,
): PlanWriter {
  let seq = start
  let findings = 0
  const waiting: PlannedChange[] = []
  const withdrawn = new Set<string>()
  let writing: Promise<unknown> = Promise.resolve()

  /** While one batch is written the next one is made. */
  async function write(): Promise<void> {
    const rows = waiting.splice(0, BATCH).map((planned) => codec.encode(planned, seq++))
    await writing
    writing = journal.append(run, rows)
    // Whoever waits for it hears of the failure; nobody may for a while.
    writing.catch(() => {})
  }

  return {
    get written() {
      return seq
    },
    async add(step) {
      for (const change of step.changes) waiting.push(change)
      for (const key of step.withdrawn) withdrawn.add(key)
      const told = step.findings.slice(0, MOST_FINDINGS - findings)
      findings += told.length
      if (told.length > 0) await journal.addFindings(run, told.map(asRow))
      while (waiting.length >= BATCH) await write()
    },
    async end() {
      if (waiting.length > 0) await write()
      await writing
      return withdrawn.size === 0 ? {} : await journal.withdraw(run, [...withdrawn])
    },
  }
}

function asRow({ kind, subject, ...detail }: Finding) {
  return { kind, subject, detail }
}
