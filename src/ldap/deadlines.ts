/**
 * One timer for many deadlines. Operations mostly share one timeout, so their deadlines come in order: the timer is
 * set for the first and looks at the others only when it fires. A timer of its own for each operation costs more than
 * the operation's encoding.
 */
export class Deadlines {
  readonly #expire: (now: number) => number
  #timer: NodeJS.Timeout | undefined
  #armedFor = Infinity

  /** `expire` ends what is overdue at `now` (milliseconds of `performance.now`) and gives the next deadline. */
  constructor(expire: (now: number) => number) {
    this.#expire = expire
  }

  /** Makes sure that `expire` runs at `deadline` or soon after. */
  watch(deadline: number): void {
    if (deadline >= this.#armedFor) return
    clearTimeout(this.#timer)
    this.#armedFor = deadline
    this.#timer = setTimeout(() => this.#fire(), Math.max(1, deadline - performance.now()))
  }

  #fire(): void {
    this.#armedFor = Infinity
    const next = this.#expire(performance.now())
    if (next < Infinity) this.watch(next)
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#armedFor = -Infinity
  }
}
