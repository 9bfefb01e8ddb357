import type { JournalRow, SyncJournal } from '../../src/store/sync-journal.ts'

const PAGE = 500

/** What was not done so far, as far as it matters to what comes after it. */
export class FailedRows {
  /** By key of a record that did not get its name: which row did not give it. */
  readonly #unnamed = new Map<string, number>()
  #waiting = new Set<number>()

  /** Of a run that is gone on with. */
  static async ofRun(run: string, journal: SyncJournal): Promise<FailedRows> {
    const failed = new FailedRows()
    let after = { stage: -1, seq: -1 }
    for (;;) {
      const rows = await journal.next(run, after, PAGE, ['failed', 'conflict'])
      for (const row of rows) failed.note(row, row)
      const last = rows.at(-1)
      if (last === undefined) return failed
      after = { stage: last.stage, seq: last.seq }
    }
  }

  note({ key, seq, kind }: JournalRow, { state, error }: Pick<JournalRow, 'state' | 'error'>): void {
    if (state === 'failed' && isMatterOfOrder(error?.code)) this.#waiting.add(seq)
    if (kind !== 'create' && kind !== 'rename') return
    if (state === 'failed' || state === 'conflict') this.#unnamed.set(key, seq)
    else if (state === 'done' && this.#unnamed.get(key) === seq) this.#unnamed.delete(key)
  }

  /** Whether the record did not get the name under which the operation is planned: it would be done to whatever has that name. */
  isUnnamed({ key, seq }: JournalRow): boolean {
    const cause = this.#unnamed.get(key)
    return cause !== undefined && cause !== seq
  }

  /** Rows that another order may help. */
  takeWaiting(): ReadonlySet<number> {
    const waiting = this.#waiting
    this.#waiting = new Set()
    return waiting
  }
}

const ORDER = new Set(['missing-parent', 'has-children', 'exists', 'gone', 'values-exist'])

/** Whether the operation may work once others are done. */
export function isMatterOfOrder(code: string | undefined): boolean {
  return ORDER.has(code?.split(':')[0] ?? '')
}
