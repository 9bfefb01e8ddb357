import type { SyncJournal } from '../../src/store/sync-journal.ts'
import type { JournalCodec } from '../history/journal-codec.ts'
import type { Finding, PlannedChange } from '../plan/change.ts'
import type { Values } from '../record.ts'
import type { PlanStep } from '../plan/plan-batch.ts'

/** Rows that are written together. */
const BATCH = 1_000
/** Characters and bytes of values that are written together: PostgreSQL and JavaScript both have a longest string. */
const MOST_VALUES = 8_000_000
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
  let waiting: PlannedChange[] = []
  let size = 0
  const withdrawn = new Set<string>()
  let writing: Promise<unknown> = Promise.resolve()

  /** While one batch is written the next one is made. */
  async function write(): Promise<void> {
    const rows = waiting.map((planned) => codec.encode(planned, seq++))
    waiting = []
    size = 0
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
      for (const change of step.changes) {
        waiting.push(change)
        size += sizeOf(change)
        if (waiting.length >= BATCH || size >= MOST_VALUES) await write()
      }
      for (const key of step.withdrawn) withdrawn.add(key)
      const told = step.findings.slice(0, MOST_FINDINGS - findings)
      findings += told.length
      if (told.length > 0) await journal.addFindings(run, told.map(asRow))
    },
    async end() {
      if (waiting.length > 0) await write()
      await writing
      return withdrawn.size === 0 ? {} : await journal.withdraw(run, [...withdrawn])
    },
  }
}

function sizeOf({ change, before }: PlannedChange): number {
  let size = 0
  for (const values of before.values()) size += lengthOf(values)
  if (change.kind === 'create') for (const values of change.attributes.values()) size += lengthOf(values)
  if (change.kind === 'update') for (const { values } of change.modifications) size += lengthOf(values)
  return size
}

function lengthOf(values: Values): number {
  let length = 0
  for (const value of values) length += value.length
  return length
}

function asRow({ kind, subject, ...detail }: Finding) {
  return { kind, subject, detail }
}
