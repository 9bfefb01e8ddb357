import { LdapFailure } from './failure.ts'
import { LdapError } from './result.ts'

type Server = { readonly url: string; up: boolean; failures: number; probe: NodeJS.Timeout | undefined }

/** Result codes by which a server that does answer says that another one should be asked. */
const BUSY = 51
const UNAVAILABLE = 52

const FIRST_PROBE = 100
/** A server that came back serves within a second, however long it was away. */
const LAST_PROBE = 500

/**
 * The servers of a directory in their order of preference, and which of them are up. One that failed is asked for
 * nothing any more; a probe on its own, less and less often (100 ms doubling to half a second), brings it back.
 */
export class Servers {
  readonly #servers: readonly Server[]
  readonly #probe: (url: string) => Promise<void>
  readonly #onRecovered: () => void
  #lastError: unknown
  #closed = false

  /** `probe` resolves when the server serves; `onRecovered` is called when one that was down does again. */
  constructor(urls: readonly string[], probe: (url: string) => Promise<void>, onRecovered: () => void) {
    if (urls.length === 0) throw new TypeError('a pool needs a server')
    this.#servers = urls.map((url) => ({ url, up: true, failures: 0, probe: undefined }))
    this.#probe = probe
    this.#onRecovered = onRecovered
  }

  /** The first that is up: where new work goes. */
  get preferred(): string | undefined {
    return this.#servers.find((server) => server.up)?.url
  }

  get states(): { url: string; up: boolean }[] {
    return this.#servers.map(({ url, up }) => ({ url, up }))
  }

  /**
   * Opens something at the first server that gives it. A server that cannot be reached, or that fails in a way for
   * which `elsewhere` says so, is down and the next one is tried; any other error is the answer.
   */
  async open<T>(open: (url: string) => Promise<T>, elsewhere = isServersFault): Promise<T> {
    for (const server of this.#servers) {
      if (!server.up) continue
      try {
        return await open(server.url)
      } catch (error) {
        if (!elsewhere(error)) throw error
        this.#down(server, error)
      }
    }
    throw this.#lastError instanceof LdapFailure || this.#lastError instanceof LdapError
      ? this.#lastError
      : new LdapFailure('unreachable', 'no server answers')
  }

  /** Takes a server out after a failed health check. */
  markDown(url: string, error: unknown): void {
    const server = this.#servers.find((candidate) => candidate.url === url)
    if (server) this.#down(server, error)
  }

  close(): void {
    this.#closed = true
    for (const server of this.#servers) clearTimeout(server.probe)
  }

  #down(server: Server, error: unknown): void {
    this.#lastError = error
    server.up = false
    this.#probeLater(server)
  }

  #probeLater(server: Server): void {
    if (this.#closed) return
    clearTimeout(server.probe)
    const delay = Math.min(LAST_PROBE, FIRST_PROBE * 2 ** server.failures)
    server.failures += 1
    server.probe = setTimeout(() => {
      this.#probe(server.url).then(
        () => this.#recovered(server),
        () => this.#probeLater(server),
      )
    }, delay)
  }

  #recovered(server: Server): void {
    server.up = true
    server.failures = 0
    if (!this.#closed) this.#onRecovered()
  }
}

/** The faults that another server may not have. A refused bind is not one: the password is wrong everywhere. */
function isServersFault(error: unknown): boolean {
  if (error instanceof LdapError) return error.code === BUSY || error.code === UNAVAILABLE
  if (!(error instanceof LdapFailure)) return false
  return !['aborted', 'empty-password', 'busy'].includes(error.kind)
}
