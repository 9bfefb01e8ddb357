import type { Channel } from './channel.ts'
import { LdapFailure } from './failure.ts'
import { resultCode } from './result-code.ts'
import { LdapError } from './result.ts'
import { Server } from './server.ts'

const FIRST_PROBE = 100
/** A server that came back serves within a second, however long it was away. */
const LAST_PROBE = 500

/**
 * The servers of a directory in their order of preference, and which of them are up. One that failed is asked for
 * nothing any more; a probe on its own, less and less often (100 ms doubling to half a second), brings it back.
 */
export class Servers {
  readonly #servers: ReadonlyMap<string, Server>
  readonly #probes = new Map<Server, NodeJS.Timeout>()
  readonly #probe: (url: string) => Promise<void>
  readonly #onRecovered: () => void
  #preferred: string | undefined
  #lastError: unknown
  #closed = false

  /** `probe` resolves when the server serves; `onRecovered` is called when one that was down does again. */
  constructor(urls: readonly string[], probe: (url: string) => Promise<void>, onRecovered: () => void) {
    if (urls.length === 0) throw new TypeError('a pool needs a server')
    this.#servers = new Map(urls.map((url) => [url, new Server(url)]))
    this.#preferred = urls[0]
    this.#probe = probe
    this.#onRecovered = onRecovered
  }

  /** The first that is up: where new work goes. Kept, since every operation asks. */
  get preferred(): string | undefined {
    return this.#preferred
  }

  /** Those that are up. */
  get up(): Server[] {
    return [...this.#servers.values()].filter(({ up }) => up)
  }

  get states(): { url: string; up: boolean }[] {
    return [...this.#servers.values()].map(({ url, up }) => ({ url, up }))
  }

  /**
   * Opens something at the first server that gives it. A server that cannot be reached, or that fails in a way for
   * which `elsewhere` says so, is down and the next one is tried; any other error is the answer. `dead` is aborted when the server
   * has stopped answering.
   */
  async open<T>(
    open: (url: string, dead: AbortSignal) => Promise<T>,
    elsewhere = isServersFault,
  ): Promise<T> {
    for (const server of this.#servers.values()) {
      if (!server.up) continue
      const began = performance.now()
      try {
        return await server.attempt(open)
      } catch (error) {
        if (!elsewhere(error)) throw error
        this.#lastError = error
        // Whoever answered others meanwhile is slow, not dead: under a storm of sign-ins that would take down one server after the other.
        if (!isTimeout(error) || server.heard < began) this.#down(server)
      }
    }
    throw this.#lastError instanceof LdapFailure || this.#lastError instanceof LdapError
      ? this.#lastError
      : new LdapFailure('unreachable', 'no server answers')
  }

  /** Listens to a connection from now on. */
  track(url: string, channel: Channel): void {
    this.#servers.get(url)?.track(channel)
  }

  /** Takes out a server that has stopped answering: all that waits for it fails as `closed`. */
  drop(server: Server): void {
    const failure = new LdapFailure('closed', 'the server has stopped answering')
    this.#lastError = failure
    this.#down(server)
    server.fail(failure)
  }

  close(): void {
    this.#closed = true
    for (const timer of this.#probes.values()) clearTimeout(timer)
  }

  #down(server: Server): void {
    if (!server.up) return
    server.up = false
    this.#preferred = this.up[0]?.url
    this.#probeLater(server, 0, performance.now())
  }

  /** `since`: when the last probe began; one that waited for its answer in vain was pause enough. */
  #probeLater(server: Server, failures: number, since: number): void {
    if (this.#closed) return
    const pause = Math.min(LAST_PROBE, FIRST_PROBE * 2 ** failures)
    const timer = setTimeout(
      () => {
        const began = performance.now()
        this.#probe(server.url).then(
          () => this.#recovered(server),
          () => this.#probeLater(server, failures + 1, began),
        )
      },
      Math.max(1, since + pause - performance.now()),
    )
    this.#probes.set(server, timer)
  }

  #recovered(server: Server): void {
    this.#probes.delete(server)
    server.up = true
    this.#preferred = this.up[0]?.url
    if (!this.#closed) this.#onRecovered()
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof LdapFailure && error.kind === 'timeout'
}

/** The faults that another server may not have: it does not answer, or says itself that another one should be asked. A refused bind is not one: the password is wrong everywhere. */
function isServersFault(error: unknown): boolean {
  if (error instanceof LdapError)
    return error.code === resultCode.busy || error.code === resultCode.unavailable
  if (!(error instanceof LdapFailure)) return false
  return !['aborted', 'empty-password', 'busy'].includes(error.kind)
}
