import { randomInt } from 'node:crypto'
import type { PagedResults } from '../../ldap/controls/paged-results.ts'
import { Refusal } from './refusal.ts'
import type { Found } from './search.ts'

/** Searches that one connection reads page by page (RFC 2696), and how far each is. */
const most = 16

type Page = { found: Found; from: number; to: number }

export class Pages {
  readonly #open = new Map<string, { found: Found; at: number; query: string }>()

  /** The next page: of a new search, or of the one whose cookie this is. `query` is what must not differ between pages. */
  next({ size, cookie }: PagedResults, query: string, find: () => Found): Page & { cookie: Buffer } {
    const key = cookie.toString('latin1')
    const started = key === '' ? { found: find(), at: 0, query } : this.#open.get(key)
    this.#open.delete(key)
    if (started?.query !== query) throw new Refusal('unwillingToPerform', 'paged results cookie is invalid')
    const { found, at: from } = started
    // Size 0 with a cookie gives the search up.
    if (size === 0 && key !== '') return { found, from, to: from, cookie: Buffer.alloc(0) }
    const to = size === 0 ? found.size : Math.min(found.size, from + size)
    return {
      found,
      from,
      to,
      cookie: to < found.size ? this.#keep({ found, at: to, query }) : Buffer.alloc(0),
    }
  }

  #keep(search: { found: Found; at: number; query: string }): Buffer {
    // A client that starts searches and never ends them loses the oldest.
    const [oldest] = this.#open.keys()
    if (this.#open.size >= most && oldest !== undefined) this.#open.delete(oldest)
    const cookie = Buffer.alloc(6)
    cookie.writeUIntBE(randomInt(1, 2 ** 47), 0, 6)
    this.#open.set(cookie.toString('latin1'), search)
    return cookie
  }
}
