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
    while (!isComplete(batch, progress)) {
      realm = await openRealm(program, host)
      enter(await ask(realm, batch, progress), batch, progress, program)
    }
    return progress.done
  }
  return {
    run(batch) {
      const progress: Progress = { done: [], skip: -1 }
      const entered = (answer: RealmAnswer): readonly Row[] | Promise<readonly Row[]> => {
        enter(answer, batch, progress, program)
        return isComplete(batch, progress) ? progress.done : goOn(batch, progress)
      }
      const answer = ask(realm, batch, progress)
      return answer instanceof Promise ? answer.then(entered) : entered(answer)
    },
  }
}

/** `skip`: results that the last row has already, -1 when it is complete. */
type Progress = { readonly done: Row[]; skip: number }

function isComplete({ counts }: EncodedBatch, { done, skip }: Progress): boolean {
  return skip < 0 && done.length >= counts.length
}

function ask(realm: Realm, { text }: EncodedBatch, progress: Progress): RealmAnswer | Promise<RealmAnswer> {
  return realm.evaluate(text, nextEntry(progress), progress.skip)
}

function nextEntry({ done, skip }: Progress): number {
  return skip < 0 ? done.length : done.length - 1
}

/** When the realm broke, entries may be left. */
function enter(answer: RealmAnswer, { counts }: EncodedBatch, progress: Progress, program: Program): void {
  const { done } = progress
  const from = nextEntry(progress)
  const why = answer.broken && reason(answer.broken, program)
  if (answer.results === null) while (done.length < counts.length) done.push([why ?? ''])
  else append(done, rowsOf(answer.results), progress.skip >= 0)
  progress.skip = why === null ? -1 : blame(done, counts, from, why)
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
  const isWhole = last.length > 0 && (last[0] !== true || last.length > wanted)
  if (!isWhole) last.push(why)
  return last[0] === true && last.length <= wanted ? last.length - 1 : -1
}

function reason(broken: NonNullable<RealmAnswer['broken']>, { limits }: Program): string {
  if (broken === 'time') return `took longer than ${limits.milliseconds} ms`
  return broken === 'memory'
    ? `needed more than ${Math.round(limits.bytes / 1024 / 1024)} MB`
    : 'nested too deeply'
}
