import type { Control } from '../../ldap/control.ts'
import { pagedResults, readPagedResults } from '../../ldap/controls/paged-results.ts'
import { readServerSideSort, sortResponse } from '../../ldap/controls/server-side-sort.ts'
import type { SearchRequest } from '../../ldap/search-message.ts'
import type { Reader } from './access.ts'
import type { Pages } from './pages.ts'
import { type Found, search } from './search.ts'
import type { State } from './state.ts'

/** What goes out for a search: a stretch of what was found, the code of the result, and its controls. */
export type SearchAnswer = {
  found: Found
  from: number
  to: number
  code: number
  controls: readonly Control[]
}

/** Carries out a search with its paging, sorting and limits; throws a Refusal. */
export function answerSearch(
  state: State,
  reader: Reader,
  request: SearchRequest,
  controls: readonly Control[],
  pages: Pages,
): SearchAnswer {
  const find = (): Found => search(state, reader, request, readServerSideSort(controls))
  const paged = readPagedResults(controls)
  const page: Page = paged ? pages.next(paged, JSON.stringify(request), find) : whole(find())
  const { found, from, to } = page
  // Reading page by page is how a client gets more than the server gives at once; its own limit always counts.
  const ours = reader.isWriter || paged ? Infinity : state.sizeLimit
  const limit = Math.min(request.sizeLimit || Infinity, ours)
  const tooMany = to - from > limit
  return {
    found,
    from,
    to: tooMany ? from + limit : to,
    code: tooMany ? 4 : 0,
    controls: [
      ...(page.cookie ? [pagedResults({ size: found.size, cookie: page.cookie }, false)] : []),
      ...(found.sorted ? [sortResponse(found.sorted)] : []),
    ],
  }
}

type Page = { found: Found; from: number; to: number; cookie?: Buffer }

const whole = (found: Found): Page => ({ found, from: 0, to: found.size })
