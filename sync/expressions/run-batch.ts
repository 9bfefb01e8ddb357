import type { EncodedBatch } from './encode-batch.ts'
import type { Host } from './host.ts'
import { openRealm, type Program, type Realm, type RealmAnswer } from './realm.ts'

/** Of one entry: its condition, then each result, as `decode-results.ts` reads them. */
export type Row = unknown[]

export type BatchRunner = { run(batch: EncodedBatch): readonly Row[] | Promise<readonly Row[]> }

/**
 * Evaluates batches in a realm, each expression of each entry once. When one runs too long or takes too much, it alone fails: a new realm goes on behind it.
 * `host` answers for the batch that is running, so only one may.
 */
export async function makeBatchRunner(program: Program, host: Host): Promise<BatchRunner> {
  let realm = await openRealm(program, host)
  const goOn = async (batch: EncodedBatch, progress: Progress): Promise<readonly Row[]> => {
    do realm = await openRealm(program, host)
    while (!advance(realm, program, batch, progress))
    return progress.done
  }
  return {
    run(batch) {
      const progress: Progress = { done: [], skip: -1 }
      return advance(realm, program, batch, progress) ? progress.done : goOn(batch, progress)
    },
  }
}

/** `skip`: results that the last row has already, -1 when it is complete. */
type Progress = { readonly done: Row[]; skip: number }

/** False when the realm broke and entries are left. */
function advance(
  realm: Realm,
  program: Program,
  { text, counts }: EncodedBatch,
  progress: Progress,
): boolean {
  const { done } = progress
  const from = progress.skip < 0 ? done.length : done.length - 1
  if (from >= counts.length) return true
  const answer = realm.evaluate(text, from, progress.skip)
  const why = answer.broken && reason(answer.broken, program)
  if (answer.results === null) while (done.length < counts.length) done.push([why ?? ''])
  else append(done, rowsOf(answer.results), progress.skip >= 0)
  if (why === null) return true
  progress.skip = blame(done, counts, from, why)
  return progress.skip < 0 && done.length >= counts.length
}

function rowsOf(text: string): Row[] {
  const given: unknown = JSON.parse(text)
  if (!Array.isArray(given)) throw new TypeError('the sandbox gave no rows')
  return given.map((row: unknown) => (isRow(row) ? row : []))
}

function isRow(row: unknown): row is Row {
  return Array.isArray(row)
}

function append(done: Row[], more: readonly Row[], continues: boolean): void {
  const [first, ...rest] = more
  const last = done.at(-1)
  if (continues && first && last) {
    const [, ...results] = first
    last.push(...results)
    done.push(...rest)
  } else done.push(...more)
}

/** Writes the failure where the evaluation ended. Answers how far the last row is then. */
function blame(done: Row[], counts: readonly number[], from: number, why: string): number {
  if (done.length <= from) done.push([])
  const last = done.at(-1) ?? []
  const wanted = counts[done.length - 1] ?? 0
  const isComplete = last.length > 0 && (last[0] !== true || last.length > wanted)
  if (!isComplete) last.push(why)
  return last[0] === true && last.length <= wanted ? last.length - 1 : -1
}

function reason(broken: NonNullable<RealmAnswer['broken']>, { limits }: Program): string {
  if (broken === 'time') return `took longer than ${limits.milliseconds} ms`
  return broken === 'memory'
    ? `needed more than ${Math.round(limits.bytes / 1024 / 1024)} MB`
    : 'nested too deeply'
}
