import { setTimeout as wait } from 'node:timers/promises'
import { bytes, type Entry } from './entry.ts'
import type { Pool } from './pool.ts'

/** Milliseconds after which a replica that does not catch up is no longer waited for: reads go back to it. */
const GIVEN_UP_AFTER = 30_000
const LONGEST_WAIT = 250

export type WriteTracker = {
  /** Whether the replica that answers reads may lack something that was written. */
  readonly isBehind: boolean
  /** Gives the result of a write of the entry when the replica has it too, or does not get it in time. */
  written<T>(dn: string | undefined, writing: Promise<T>): Promise<T>
  stop(): void
}

/** Compares the write marks of what was written at the primary with those at the replica that answers reads. */
export function createWriteTracker(options: {
  replicas: Pool
  primary: Pool
  writeMarks: readonly string[]
  primaries: readonly string[]
  catchUpWithin?: number
}): WriteTracker {
  const { replicas, primary, writeMarks, primaries, catchUpWithin = 1_000 } = options
  const ending = new AbortController()
  let open = 0

  const marksAt = async (pool: Pool, dn: string): Promise<string> =>
    marksOf(await pool.read(dn, { attributes: writeMarks }), writeMarks)
  const readsFromPrimary = () => primaries.includes(replicas.stats().servers.find(({ up }) => up)?.url ?? '')

  async function catchUp(dn: string): Promise<void> {
    const wanted = await marksAt(primary, dn)
    const deadline = performance.now() + GIVEN_UP_AFTER
    for (let pause = 2; performance.now() < deadline; pause = Math.min(LONGEST_WAIT, pause * 2)) {
      // A replica that cannot be asked answers no read either.
      if ((await marksAt(replicas, dn).catch(() => '')) === wanted || readsFromPrimary()) return
      await wait(pause, undefined, { signal: ending.signal, ref: false })
    }
  }

  return {
    get isBehind() {
      return open > 0
    },
    async written(dn, writing) {
      if (dn === undefined || readsFromPrimary()) return await writing
      open += 1
      let settled: Promise<void> = Promise.resolve()
      try {
        const result = await writing
        // What was written stays so, whatever becomes of the waiting.
        settled = catchUp(dn).catch(() => {})
        await Promise.race([settled, wait(catchUpWithin, undefined, { ref: false })])
        return result
      } finally {
        void settled.then(() => (open -= 1))
      }
    },
    stop: () => ending.abort(),
  }
}

/** An entry that is not there (deleted, renamed) has marks of its own. */
function marksOf(entry: Entry | undefined, names: readonly string[]): string {
  if (entry === undefined) return 'none'
  return names
    .map(
      (name) =>
        `${name}=${bytes(entry, name)
          .map((value) => value.toString('base64'))
          .join()}`,
    )
    .join(';')
}
