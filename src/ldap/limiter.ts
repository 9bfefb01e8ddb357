import { LdapFailure } from './failure.ts'

type Waiter = { admit(): void }

/** Lets so many in at a time and so many wait, each for so long: what comes beyond is refused as `busy`. */
export class Limiter {
  readonly #max: number
  readonly #maxWaiting: number
  readonly #waitTimeout: number
  readonly #waiting = new Set<Waiter>()
  readonly #drained: (() => void)[] = []
  #inside = 0

  constructor(max: number, maxWaiting: number, waitTimeout: number) {
    this.#max = max
    this.#maxWaiting = maxWaiting
    this.#waitTimeout = waitTimeout
  }

  get inside(): number {
    return this.#inside
  }

  get waiting(): number {
    return this.#waiting.size
  }

  /** Enters if there is room. */
  tryEnter(): boolean {
    if (this.#inside >= this.#max) return false
    this.#inside += 1
    return true
  }

  /** Enters, in the order of arrival. Throws `LdapFailure`: `busy`, `aborted`. */
  async enter(signal?: AbortSignal): Promise<void> {
    if (this.tryEnter()) return
    if (this.#waiting.size >= this.#maxWaiting) throw new LdapFailure('busy', 'too many operations wait')
    await new Promise<void>((resolve, reject) => {
      const settle = (failure?: LdapFailure): void => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', onAbort)
        this.#waiting.delete(waiter)
        if (failure) reject(failure)
        else resolve()
      }
      const onAbort = (): void => settle(new LdapFailure('aborted', 'the caller gave up', signal?.reason))
      const waiter: Waiter = { admit: () => settle() }
      // Made when it is needed: the stack of each operation that waits would cost as much as the operation.
      const onLate = (): void =>
        settle(new LdapFailure('busy', `no connection was free within ${this.#waitTimeout} ms`))
      const timer = setTimeout(onLate, this.#waitTimeout)
      signal?.addEventListener('abort', onAbort, { once: true })
      this.#waiting.add(waiter)
      if (signal?.aborted) onAbort()
    })
  }

  /** Leaves; the place goes to whoever has waited longest. */
  leave(): void {
    const [next] = this.#waiting
    if (next) return next.admit()
    this.#inside -= 1
    if (this.#inside === 0) for (const resolve of this.#drained.splice(0)) resolve()
  }

  /** Resolves when nobody is inside. */
  drained(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#inside === 0) resolve()
      else this.#drained.push(resolve)
    })
  }
}
