import type { Channel } from './channel.ts'
import { LdapFailure } from './failure.ts'
import type { Outcome } from './result.ts'
import {
  type SearchEvent,
  SearchExchange,
  type SearchExchangeOptions,
  type SearchExchangeSink,
} from './search-exchange.ts'
import type { SearchRequest } from './search-message.ts'

/** A channel to search on, and what to call when the search is over, with the error that ended it. */
export type SearchLease = { readonly channel: Channel; release(error?: unknown): void }

/** Where searches get their channel: a connection has one, a pool chooses, and may have to wait for it. */
export type SearchSource = {
  /** `exclusive`: the search is streamed or paged and may keep its connection busy or waiting for long. */
  lease(exclusive: boolean, signal?: AbortSignal): SearchLease | Promise<SearchLease>
  /** How often a search that lost its connection, before its caller had anything of it, is sent again. */
  readonly retries: number
}

/** Where the search puts what arrives, whatever number of tries it takes. */
export interface SearchSink extends SearchExchangeSink {
  /** Forgets what arrived so that the search can begin anew; false when its caller has some of it already. */
  restart(): boolean
}

/** `streamed`: its reader takes the entries one by one, in its own time. */
export type SearchRunOptions = SearchExchangeOptions & { readonly streamed: boolean }

/** One search from its lease to its end, with its second try. */
export class SearchRun implements SearchExchangeSink {
  readonly #request: SearchRequest
  readonly #options: SearchExchangeOptions
  readonly #source: SearchSource
  readonly #sink: SearchSink
  readonly #exclusive: boolean
  #lease: SearchLease | undefined
  #exchange: SearchExchange | undefined
  #retries: number
  #stopped = false
  #isReleasing = false

  constructor(request: SearchRequest, options: SearchRunOptions, source: SearchSource, sink: SearchSink) {
    this.#request = request
    this.#options = options
    this.#source = source
    this.#sink = sink
    this.#retries = source.retries
    this.#exclusive = options.streamed || options.pageSize !== undefined
  }

  get messageId(): number {
    return this.#exchange?.messageId ?? 0
  }

  get full(): boolean {
    return this.#sink.full
  }

  begin(): void {
    try {
      const lease = this.#source.lease(this.#exclusive, this.#options.signal)
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
    this.#sink.event(event, size)
  }

  done(outcome: Outcome): void {
    this.#release()
    this.#sink.done(outcome)
  }

  fail(error: unknown): void {
    if (this.#isReleasing) return
    this.#release(error)
    const lost = error instanceof LdapFailure && error.kind === 'closed'
    if (!lost || this.#retries === 0 || this.#stopped || !this.#sink.restart()) return this.#sink.fail(error)
    this.#retries -= 1
    this.begin()
  }

  #release(error?: unknown): void {
    const lease = this.#lease
    this.#lease = undefined
    // It may end the connection, and with that the exchange that has just said how the search ended.
    this.#isReleasing = true
    lease?.release(error)
    this.#isReleasing = false
  }
}
