import { setTimeout as wait } from 'node:timers/promises'
import { bytes, type Entry } from './entry.ts'
import { LdapFailure } from './failure.ts'
import type { Pool } from './pool.ts'

/** Milliseconds after which a replica that does not catch up is no longer waited for: reads go back to it. */
const GIVEN_UP_AFTER = 30_000
const LONGEST_PAUSE = 250

export type WriteTrackerOptions = {
  readonly replicas: Pool
  readonly primary: Pool
  readonly primaries: readonly string[]
  readonly writeMarks: readonly string[]
  readonly catchUpWithin?: number
}

/**
 * Compares the write marks of what was written at the primary with those at the server that answers reads. When that becomes another one (it
 * went away, came back), the last write is looked for there before anything is read: replicas lag, each by its own time.
 */
export class WriteTracker {
  readonly #options: WriteTrackerOptions
  readonly #isSame: (dn: string) => Promise<boolean>
  readonly #ending = new AbortController()
  #lastDn: string | undefined
  /** The server where the last write is, or is being looked for. */
  #knownAt: string | undefined
  #catchingUp = 0

  constructor(options: WriteTrackerOptions) {
    this.#options = options
    this.#isSame = comparing(options.writeMarks, options.primary, options.replicas)
  }

  get hasWritten(): boolean {
    return this.#lastDn !== undefined
  }

  /** Whether the server that answers reads may lack something that was written. */
  get isBehind(): boolean {
    const at = this.#options.replicas.preferred()
    if (this.#lastDn !== undefined && at !== this.#knownAt && !this.#isPrimary(at)) {
      this.#knownAt = at
      void this.#catchUp(this.#lastDn)
    }
    return this.#catchingUp > 0
  }

  /** Gives the result of a write of the entry when the server that answers reads has it too, or does not get it in time. */
  async written<T>(dn: string | undefined, writing: Promise<T>): Promise<T> {
    const { replicas, catchUpWithin = 1_000 } = this.#options
    if (dn === undefined) return await writing
    try {
      const result = await writing
      this.#lastDn = dn
      this.#knownAt = replicas.preferred()
      if (!this.#isPrimary(this.#knownAt))
        await Promise.race([this.#catchUp(dn), wait(catchUpWithin, undefined, { ref: false })])
      return result
    } catch (error) {
      if (error instanceof LdapFailure) {
        // It may have been done all the same: whoever reads next finds out.
        this.#lastDn = dn
        this.#knownAt = undefined
      }
      throw error
    }
  }

  stop(): void {
    this.#ending.abort()
  }

  async #catchUp(dn: string): Promise<void> {
    this.#catchingUp += 1
    try {
      const deadline = performance.now() + GIVEN_UP_AFTER
      for (let pause = 2; !(await this.#hasArrived(dn)); pause = Math.min(LONGEST_PAUSE, pause * 2)) {
        if (performance.now() > deadline) return
        await wait(pause, undefined, { signal: this.#ending.signal, ref: false })
      }
    } catch {
      // The pool was closed.
    } finally {
      this.#catchingUp -= 1
    }
  }

  async #hasArrived(dn: string): Promise<boolean> {
    const { replicas } = this.#options
    const at = replicas.preferred()
    if (this.#isPrimary(at)) {
      this.#knownAt = undefined // the replica that comes next is asked
      return true
    }
    return (await this.#isSame(dn)) && replicas.preferred() === at
  }

  #isPrimary(url: string | undefined): boolean {
    return url === undefined || this.#options.primaries.includes(url)
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
