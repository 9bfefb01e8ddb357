import type { ExchangeOptions } from './channel.ts'
import type { Filter } from './filter.ts'
import { ItemQueue } from './item-queue.ts'
import { resultCode } from './result-code.ts'
import { LdapError, type Outcome } from './result.ts'
import type { SearchEvent, SearchExchangeOptions } from './search-exchange.ts'
import type { DerefAliases, Scope, SearchRequest } from './search-message.ts'
import { SearchRun, type SearchSink, type SearchSource } from './search-run.ts'
import type { FoundEntry } from './wire-entry.ts'

/** What to search. Defaults: the whole subtree, every entry, all user attributes, no limits, aliases never followed. */
export type SearchParameters = ExchangeOptions & {
  readonly base: string
  readonly scope?: Scope
  readonly filter?: Filter
  readonly attributes?: readonly string[]
  readonly sizeLimit?: number
  /** Seconds, enforced by the server. */
  readonly timeLimit?: number
  readonly typesOnly?: boolean
  readonly derefAliases?: DerefAliases
  /** Fetch in pages of this many entries, to the end whatever the server's size limit. */
  readonly paged?: number
}

const ANYTHING: Filter = { type: 'present', attribute: 'objectClass' }

function searchRequest(parameters: SearchParameters): SearchRequest {
  return {
    type: 'search',
    base: parameters.base,
    scope: parameters.scope ?? 'sub',
    derefAliases: parameters.derefAliases ?? 'never',
    sizeLimit: parameters.sizeLimit ?? 0,
    timeLimit: parameters.timeLimit ?? 0,
    typesOnly: parameters.typesOnly ?? false,
    filter: parameters.filter ?? ANYTHING,
    attributes: parameters.attributes ?? [],
  }
}

function searchOptions({ paged, ...parameters }: SearchParameters): SearchExchangeOptions {
  return paged === undefined ? parameters : { ...parameters, pageSize: paged }
}

/** Everything that a search brought, in memory. */
export type Collected = {
  readonly entries: FoundEntry[]
  readonly references: (readonly string[])[]
  readonly outcome: Outcome
}

/**
 * A search that is sent when its iteration begins: `for await (const entry of search)`. Entries come as the loop asks
 * for them: a slow loop makes the server wait, and leaving the loop abandons the search. A refusal by the server is an
 * `LdapError` thrown behind the entries that came before it (a size limit, for one). Iterate it once.
 */
export class Search implements AsyncIterable<FoundEntry> {
  /** Continuation references, as they came: nothing follows them. */
  readonly references: (readonly string[])[] = []
  readonly #parameters: SearchParameters
  readonly #source: SearchSource
  #iterator: SearchIterator<unknown> | undefined

  constructor(parameters: SearchParameters, source: SearchSource) {
    this.#parameters = parameters
    this.#source = source
  }

  /** What the server said at the end, with its controls; undefined until then. */
  get outcome(): Outcome | undefined {
    return this.#iterator?.outcome
  }

  /** For `cancel`, once the search runs; 0 before. */
  get messageId(): number {
    return this.#iterator?.messageId ?? 0
  }

  [Symbol.asyncIterator](): AsyncIterator<FoundEntry, undefined> {
    return this.#iterate((event) => {
      if (event.type === 'entry') return event.entry
      if (event.type === 'reference') this.references.push(event.uris)
      return undefined
    })
  }

  /** All that arrives, references and intermediate responses included, in the server's order. */
  events(): AsyncIterable<SearchEvent> {
    return { [Symbol.asyncIterator]: () => this.#iterate((event) => event) }
  }

  #iterate<T>(select: (event: SearchEvent) => T | undefined): SearchIterator<T> {
    if (this.#iterator) throw new TypeError('a search can be iterated once')
    const iterator = new SearchIterator<T>(this.#parameters, this.#source, select)
    this.#iterator = iterator
    return iterator
  }
}

class SearchIterator<T> implements AsyncIterator<T, undefined>, SearchSink {
  readonly #queue: ItemQueue<T>
  readonly #run: SearchRun
  readonly #select: (event: SearchEvent) => T | undefined
  #started = false
  #received = false
  outcome: Outcome | undefined

  constructor(
    parameters: SearchParameters,
    source: SearchSource,
    select: (event: SearchEvent) => T | undefined,
  ) {
    this.#select = select
    this.#run = new SearchRun(
      searchRequest(parameters),
      { ...searchOptions(parameters), streamed: true },
      source,
      this,
    )
    this.#queue = new ItemQueue(() => this.#run.throttle())
  }

  get messageId(): number {
    return this.#run.messageId
  }

  get full(): boolean {
    return this.#queue.full
  }

  event(event: SearchEvent, size: number): void {
    this.#received = true
    const item = this.#select(event)
    if (item !== undefined) this.#queue.push(item, size)
  }

  restart(): boolean {
    return !this.#received
  }

  done(outcome: Outcome): void {
    this.outcome = outcome
    this.#queue.end()
  }

  fail(error: unknown): void {
    this.#queue.end(error)
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (!this.#started) {
      this.#started = true
      this.#run.begin()
    }
    return this.#queue.next()
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.#queue.discard()
    this.#run.stop()
    return this.#queue.next()
  }
}

/**
 * Runs a search to its end and gives all of it: for searches that are known to be small. With a `sizeLimit`, an outcome with code 4 tells that
 * there were more entries than that, or than the server's own limit; without one, that is an `LdapError`.
 */
export function collectSearch(parameters: SearchParameters, source: SearchSource): Promise<Collected> {
  return new Promise((resolve, reject) => {
    const entries: FoundEntry[] = []
    const references: (readonly string[])[] = []
    const sink: SearchSink = {
      full: false,
      event: (event) => {
        if (event.type === 'entry') entries.push(event.entry)
        else if (event.type === 'reference') references.push(event.uris)
      },
      restart: () => {
        entries.length = 0
        references.length = 0
        return true
      },
      done: (outcome) => resolve({ entries, references, outcome }),
      fail: (error) => {
        // Who asks for so many entries at most gets them, and sees from the outcome that there were more.
        const isPartial = error instanceof LdapError && error.code === resultCode.sizeLimitExceeded
        if (isPartial && parameters.sizeLimit !== undefined) resolve({ entries, references, outcome: error })
        else reject(error instanceof Error ? error : new Error('search failed', { cause: error }))
      },
    }
    new SearchRun(
      searchRequest(parameters),
      { ...searchOptions(parameters), streamed: false },
      source,
      sink,
    ).begin()
  })
}
