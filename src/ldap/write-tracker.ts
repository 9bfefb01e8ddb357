import { setTimeout as wait } from 'node:timers/promises'
import { bytes, type Entry } from './entry.ts'
import { LdapFailure } from './failure.ts'
import type { Pool } from './pool.ts'

/** Milliseconds after which a replica that does not catch up is no longer waited for: reads go back to it. */
const GIVEN_UP_AFTER = 30_000
const LONGEST_PAUSE = 250

export type WriteTracker = {
  readonly hasWritten: boolean
  /** Whether the server that answers reads may lack something that was written. */
  isBehind(): boolean
  /** Gives the result of a write of the entry when the server that answers reads has it too, or does not get it in time. */
  written<T>(dn: string | undefined, writing: Promise<T>): Promise<T>
  stop(): void
}

/**
 * Compares the write marks of what was written at the primary with those at the server that answers reads. When that becomes another one (it
 * went away, came back), the last write is looked for there before anything is read: replicas lag, each by its own time.
 */
export function createWriteTracker(options: {
  replicas: Pool
  primary: Pool
  writeMarks: readonly string[]
  primaries: readonly string[]
  catchUpWithin?: number
}): WriteTracker {
  const { replicas, primary, writeMarks, primaries, catchUpWithin = 1_000 } = options
  const ending = new AbortController()
  let lastDn: string | undefined
  /** The server where the last write is, or is being looked for. */
  let knownAt: string | undefined
  let catchingUp = 0

  const isPrimary = (url: string | undefined) => url === undefined || primaries.includes(url)
  const isSame = comparing(writeMarks, primary, replicas)

  async function catchUp(dn: string): Promise<void> {
    catchingUp += 1
    try {
      const deadline = performance.now() + GIVEN_UP_AFTER
      for (let pause = 2; !(await isSame(dn)); pause = Math.min(LONGEST_PAUSE, pause * 2)) {
        if (performance.now() > deadline) return
        if (isPrimary(replicas.preferred())) return void (knownAt = undefined) // until that changes
        await wait(pause, undefined, { signal: ending.signal, ref: false })
      }
    } catch {
      // The pool was closed.
    } finally {
      catchingUp -= 1
    }
  }

  return {
    get hasWritten() {
      return lastDn !== undefined
    },
    isBehind() {
      const at = replicas.preferred()
      if (lastDn !== undefined && at !== knownAt && !isPrimary(at)) {
        knownAt = at
        void catchUp(lastDn)
      }
      return catchingUp > 0
    },
    async written(dn, writing) {
      if (dn === undefined) return await writing
      try {
        const result = await writing
        lastDn = dn
        knownAt = replicas.preferred()
        if (!isPrimary(knownAt))
          await Promise.race([catchUp(dn), wait(catchUpWithin, undefined, { ref: false })])
        return result
      } catch (error) {
        // It may have been done all the same: whoever reads next finds out.
        if (error instanceof LdapFailure) [lastDn, knownAt] = [dn, undefined]
        throw error
      }
    },
    stop: () => ending.abort(),
  }
}

/** Whether the entry is the same at both. Both are asked anew each time: somebody else may have written it again. */
function comparing(writeMarks: readonly string[], one: Pool, other: Pool): (dn: string) => Promise<boolean> {
  const marksAt = (pool: Pool, dn: string) =>
    pool.read(dn, { attributes: writeMarks }).then(
      (entry) => marksOf(entry, writeMarks),
      () => undefined, // it cannot be asked now
    )
  return async (dn) => {
    const [marks, others] = await Promise.all([marksAt(one, dn), marksAt(other, dn)])
    return marks !== undefined && marks === others
  }
}

/** An entry that is not there (deleted, renamed) has marks of its own. */
function marksOf(entry: Entry | undefined, names: readonly string[]): string {
  if (entry === undefined) return 'none'
  const mark = (name: string) => bytes(entry, name).map((value) => value.toString('base64'))
  return names.map((name) => `${name}=${mark(name).join()}`).join(';')
}
