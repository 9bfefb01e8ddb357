import type { Channel } from './channel.ts'
import type { LdapFailure } from './failure.ts'

/** One server of a pool, with all that is open to it. Times are milliseconds of `performance.now`. */
export class Server {
  readonly url: string
  up = true
  readonly #channels = new Set<Channel>()
  /** When the last of the connections that are gone was heard. */
  #heard = 0
  #attempts = 0
  #attemptedSince = 0
  #attemptsEnd = new AbortController()

  constructor(url: string) {
    this.url = url
  }

  /** When it said something last, on whichever connection: it is not dead then, however long one operation takes. */
  get heard(): number {
    let last = this.#heard
    for (const channel of this.#channels) last = Math.max(last, channel.heard)
    return last
  }

  /** The connections on which nothing runs. */
  get idle(): Channel[] {
    return [...this.#channels].filter(({ running }) => running === 0)
  }

  /** Milliseconds that somebody has waited for a word of it. */
  waitedFor(now: number): number {
    let longest = this.#attempts > 0 ? now - this.#attemptedSince : 0
    for (const channel of this.#channels) longest = Math.max(longest, channel.silentFor(now))
    return longest
  }

  track(channel: Channel): void {
    this.#channels.add(channel)
    channel.onClose(() => {
      this.#channels.delete(channel)
      this.#heard = Math.max(this.#heard, channel.heard)
    })
  }

  /** Tries to open something; the signal ends that when the server turns out to be dead. */
  async attempt<T>(open: (url: string, dead: AbortSignal) => Promise<T>): Promise<T> {
    if (this.#attempts === 0) this.#attemptedSince = performance.now()
    this.#attempts += 1
    try {
      return await open(this.url, this.#attemptsEnd.signal)
    } finally {
      this.#attempts -= 1
    }
  }

  /** Ends all that runs on it or is about to. */
  fail(failure: LdapFailure): void {
    for (const channel of this.#channels) channel.fail(failure)
    this.#attemptsEnd.abort(failure)
    this.#attemptsEnd = new AbortController()
  }
}
