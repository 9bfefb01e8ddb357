import type { Channel } from './channel.ts'
import { LdapFailure } from './failure.ts'
import type { Outcome } from './result.ts'
import {
  type SearchEvent,
  SearchExchange,
  type SearchExchangeOptions,
  type SearchSink,
} from './search-exchange.ts'
import type { SearchRequest } from './search-message.ts'

/** A channel to search on, and what to call when the search is over, with the error that ended it. */
export type SearchLease = { readonly channel: Channel; release(error?: unknown): void }

/** Where searches get their channel: a connection has one, a pool chooses, and may have to wait for it. */
export type SearchSource = {
  lease(): SearchLease | Promise<SearchLease>
  /** Whether a search that lost its connection before anything arrived is sent once more, on another one. */
  readonly retry: boolean
}

/** One search from its lease to its end, with its second try. */
export class SearchRun implements SearchSink {
  readonly #request: SearchRequest
  readonly #options: SearchExchangeOptions
  readonly #source: SearchSource
  readonly #sink: SearchSink
  #lease: SearchLease | undefined
  #exchange: SearchExchange | undefined
  #mayRetry: boolean
  #stopped = false

  constructor(
    request: SearchRequest,
    options: SearchExchangeOptions,
    source: SearchSource,
    sink: SearchSink,
  ) {
    this.#request = request
    this.#options = options
    this.#source = source
    this.#sink = sink
    this.#mayRetry = source.retry
  }

  get messageId(): number {
    return this.#exchange?.messageId ?? 0
  }

  get full(): boolean {
    return this.#sink.full
  }

  begin(): void {
    try {
      const lease = this.#source.lease()
      if (lease instanceof Promise)
        lease.then((value) => this.#start(value)).catch((error) => this.fail(error))
      else this.#start(lease)
    } catch (error) {
      this.fail(error)
    }
  }

  #start(lease: SearchLease): void {
    this.#lease = lease
    if (this.#stopped) return this.#release()
    this.#exchange = new SearchExchange(lease.channel, this.#request, this.#options, this)
    this.#exchange.start()
  }

  /** Gives the search up; the sink hears no more that matters. */
  stop(): void {
    this.#stopped = true
    this.#lease?.channel.abandon(this.messageId)
  }

  throttle(): void {
    this.#lease?.channel.throttle()
  }

  event(event: SearchEvent, size: number): void {
    this.#mayRetry = false
    this.#sink.event(event, size)
  }

  done(outcome: Outcome): void {
    this.#release()
    this.#sink.done(outcome)
  }

  fail(error: unknown): void {
    this.#release(error)
    const lost = error instanceof LdapFailure && error.kind === 'closed'
    if (!lost || !this.#mayRetry || this.#stopped) return this.#sink.fail(error)
    this.#mayRetry = false
    this.begin()
  }

  #release(error?: unknown): void {
    const lease = this.#lease
    this.#lease = undefined
    lease?.release(error)
  }
}
