import type { Channel, Exchange, ExchangeOptions } from './channel.ts'
import { type Control, NO_CONTROLS } from './control.ts'
import { pagedResults, readPagedResults } from './controls/paged-results.ts'
import { type LdapFailure, protocolFailure } from './failure.ts'
import type { ResponseMessage } from './response.ts'
import { LdapError, type Outcome } from './result.ts'
import type { SearchRequest } from './search-message.ts'
import type { FoundEntry } from './wire-entry.ts'

/** What a search brings besides entries. */
export type SearchEvent =
  | { readonly type: 'entry'; readonly entry: FoundEntry }
  | { readonly type: 'reference'; readonly uris: readonly string[]; readonly controls: readonly Control[] }
  | {
      readonly type: 'intermediate'
      readonly oid?: string
      readonly value?: Buffer
      readonly controls: readonly Control[]
    }

/** Where a running search puts what arrives. */
export interface SearchExchangeSink {
  readonly full: boolean
  event(event: SearchEvent, size: number): void
  done(outcome: Outcome): void
  fail(error: unknown): void
}

export type SearchExchangeOptions = ExchangeOptions & { readonly pageSize?: number }

const NO_COOKIE: Buffer = Buffer.alloc(0)

/** A search on a channel: one request, or with `pageSize` one for each page, the next as soon as a page has ended. */
export class SearchExchange implements Exchange {
  readonly #channel: Channel
  readonly #request: SearchRequest
  readonly #options: ExchangeOptions
  readonly #pageSize: number
  readonly #sink: SearchExchangeSink
  /** Of the request that runs now; another one for every page. */
  messageId = 0

  constructor(
    channel: Channel,
    request: SearchRequest,
    options: SearchExchangeOptions,
    sink: SearchExchangeSink,
  ) {
    this.#channel = channel
    this.#request = request
    this.#options = options
    this.#pageSize = options.pageSize ?? 0
    this.#sink = sink
  }

  get full(): boolean {
    return this.#sink.full
  }

  start(cookie = NO_COOKIE): void {
    const options =
      this.#pageSize > 0
        ? {
            ...this.#options,
            controls: [
              ...(this.#options.controls ?? NO_CONTROLS),
              pagedResults({ size: this.#pageSize, cookie }),
            ],
          }
        : this.#options
    this.messageId = this.#channel.start(this.#request, this, options)
  }

  receive({ response, controls }: ResponseMessage, size: number): boolean {
    switch (response.type) {
      case 'entry':
        this.#sink.event(response, size)
        break
      case 'reference':
      case 'intermediate':
        this.#sink.event({ ...response, controls }, size)
        break
      case 'searchDone':
        this.#done({ ...response.result, controls })
        return true
      default:
        throw protocolFailure(`a search was answered by ${response.type}`)
    }
    if (this.#sink.full) this.#channel.throttle()
    return false
  }

  #done(outcome: Outcome): void {
    if (outcome.code !== 0) return this.#sink.fail(new LdapError(outcome))
    const cookie = this.#pageSize > 0 ? readPagedResults(outcome.controls)?.cookie : undefined
    if (cookie && cookie.length > 0) this.start(cookie)
    else this.#sink.done(outcome)
  }

  fail(error: LdapFailure): void {
    this.#sink.fail(error)
  }
}
