import type { SyncRecord } from '../record.ts'
import type { PlannedBurst } from './plan-burst.ts'

/** Milliseconds until a record is planned again, doubled each time. */
const FIRST_PAUSE = 1_000
const MOST_TRIES = 10
/** More than these wait for the next whole run. */
const MOST_RECORDS = 1_000

type Waiting = { readonly record: SyncRecord; readonly tries: number; readonly due: number }

/**
 * Records that name others, or a parent, which were not there yet: another task, or a later event, brings those. They are planned again after a while, and after some tries left to
 * the next whole run.
 */
export class DanglingRecords {
  readonly #waiting = new Map<string, Waiting>()

  /** Takes note of what a burst left open, and of what it settled. `early`: ids of records that could not be written yet. `now` in milliseconds. */
  note({ steps, records, gone }: PlannedBurst, early: ReadonlySet<string>, now: number): void {
    const findings = steps.flatMap((step) => step.findings)
    const dangling = new Set(findings.flatMap(({ kind, subject }) => (kind === 'dangling' ? [subject] : [])))
    for (const id of gone) this.#waiting.delete(id)
    for (const record of records) {
      const tries = (this.#waiting.get(record.id)?.tries ?? 0) + 1
      this.#waiting.delete(record.id)
      const isOpen = dangling.has(record.name) || early.has(record.id)
      if (isOpen && tries <= MOST_TRIES && this.#waiting.size < MOST_RECORDS)
        this.#waiting.set(record.id, { record, tries, due: now + FIRST_PAUSE * 2 ** (tries - 1) })
    }
  }

  /** What is to be planned again now. */
  due(now: number): readonly SyncRecord[] {
    return [...this.#waiting.values()].flatMap(({ record, due }) => (due <= now ? [record] : []))
  }
}
