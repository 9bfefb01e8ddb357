type Waiter<T> = { resolve(result: IteratorResult<T, undefined>): void; reject(error: unknown): void }

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined }

/** Bytes that may wait for their reader before the socket rests. */
const HIGH_WATER = 512 * 1024

/** Items between a socket that pushes and a loop that pulls. `full` and `onDrained` are the back-pressure. */
export class ItemQueue<T> {
  #items: { value: T; size: number }[] = []
  #head = 0
  #bytes = 0
  #waiter: Waiter<T> | undefined
  #end: { error?: unknown } | undefined
  readonly #onDrained: () => void

  constructor(onDrained: () => void) {
    this.#onDrained = onDrained
  }

  get full(): boolean {
    return this.#bytes > HIGH_WATER
  }

  push(value: T, size: number): void {
    if (this.#end) return
    if (this.#waiter) {
      this.#waiter.resolve({ done: false, value })
      this.#waiter = undefined
      return
    }
    this.#items.push({ value, size })
    this.#bytes += size
  }

  /** No more items; what is queued is still handed out, then `error` if there is one. */
  end(error?: unknown): void {
    this.#end ??= error === undefined ? {} : { error }
    const waiter = this.#waiter
    this.#waiter = undefined
    if (waiter) this.#finish(waiter)
  }

  /** Forgets what is queued and whatever still comes: nobody will read it. */
  discard(): void {
    this.#items = []
    this.#head = 0
    this.#bytes = 0
    this.end()
  }

  next(): Promise<IteratorResult<T, undefined>> {
    const item = this.#items[this.#head]
    if (item) return Promise.resolve({ done: false, value: this.#shift(item) })
    return new Promise((resolve, reject) => {
      if (this.#end) this.#finish({ resolve, reject })
      else this.#waiter = { resolve, reject }
    })
  }

  #shift(item: { value: T; size: number }): T {
    const wasFull = this.full
    this.#head += 1
    this.#bytes -= item.size
    if (this.#head === this.#items.length) {
      this.#items = []
      this.#head = 0
    }
    if (wasFull && !this.full) this.#onDrained()
    return item.value
  }

  #finish(waiter: Waiter<T>): void {
    const error = this.#end?.error
    this.#end = {} // an iterator that threw is done
    if (error === undefined) waiter.resolve(DONE)
    else waiter.reject(error)
  }
}
