import { BerReader, SEQUENCE } from '../ber-reader.ts'
import { berBytes } from '../ber-writer.ts'
import { type Control, findControl } from '../control.ts'

/** RFC 2696. The same value goes both ways: a page's size or an estimate of the total, and the cookie. */
export const PAGED_RESULTS = '1.2.840.113556.1.4.319'

export type PagedResults = { readonly size: number; readonly cookie: Buffer }

/** On a request: critical, because a server that ignored it would stop at its size limit. */
export function pagedResults({ size, cookie }: PagedResults, critical = true): Control {
  const value = berBytes((writer) => {
    const sequence = writer.begin(SEQUENCE)
    writer.integer(size)
    writer.bytes(cookie)
    writer.end(sequence)
  })
  return { oid: PAGED_RESULTS, critical, value }
}

/** An empty cookie means the last page. A page may be empty and still have a cookie. */
export function readPagedResults(controls: readonly Control[]): PagedResults | undefined {
  const value = findControl(controls, PAGED_RESULTS)?.value
  if (!value) return undefined
  const reader = new BerReader(value)
  const outer = reader.enter(SEQUENCE)
  const size = reader.integer()
  const cookie = reader.bytes()
  reader.leave(outer)
  return { size, cookie }
}
