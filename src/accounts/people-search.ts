import type { Visibility } from '../access/visibility.ts'
import type { Branch } from '../directory/branch.ts'
import type { Directory } from '../directory/directory.ts'
import { first, type Entry } from '../ldap/entry.ts'
import { filter } from '../ldap/filter.ts'
import { filterAttributes } from '../ldap/filter-attributes.ts'
import { parseGeneralizedTime } from '../ldap/generalized-time.ts'
import { matches } from '../ldap/match.ts'
import { Problem } from '../problems/problem.ts'
import { hiddenMask } from './people-index/hidden-mask.ts'
import type { IndexedPerson } from './people-index/indexed-person.ts'
import { createPeopleIndex, type SearchOptions, type SearchResult } from './people-index/people-index.ts'
import { personAttributes, personOf } from './person.ts'

/** A change in the directory is found within this time; what is shown is read live anyway. */
const REFRESH_MS = 2_000
/** People who left are not shown (cards are read live); this only frees their place in the index. */
const SWEEP_EVERY = 30

export type PeopleSearch = {
  /** Throws Problem `directory-unavailable` until the people were read once. */
  search(text: string, options: SearchOptions): SearchResult
  /** Reads everyone, then keeps up with the directory until closed. Retries for ever; `onError` is told of each failure. */
  start(): Promise<void>
  close(): void
}

/** The folded index over branches of the directory, filled from it and kept fresh. */
export function createPeopleSearch(options: {
  branches: readonly Branch[]
  visibility: Visibility
  country: string
  locale: string
  onError: (error: unknown) => void
}): PeopleSearch {
  const { branches, visibility, onError } = options
  const index = createPeopleIndex(options)
  /** The newest modifyTimestamp seen, by the server's own clock: null until the branch was read once. */
  const readUpTo = new Map<Branch, Date>()
  const closing = new AbortController()
  let loaded = false
  let timer: NodeJS.Timeout | undefined

  function take(branch: Branch, entry: Entry): void {
    const { directory } = branch
    if (matches(branch.filter, entry)) index.put(indexedPerson(directory, visibility, entry))
    else index.remove({ directory: directory.name, id: directory.idOf(entry) })
    const changed = parseGeneralizedTime(first(entry, 'modifyTimestamp') ?? '')
    if (changed !== null && changed > (readUpTo.get(branch) ?? new Date(0))) readUpTo.set(branch, changed)
  }

  async function refresh(branch: Branch): Promise<void> {
    const { directory, base } = branch
    const attributes = [
      ...personAttributes(directory),
      ...visibility.attributes,
      ...filterAttributes(branch.filter),
    ]
    // Whoever no longer matches the branch's filter has to be seen, to be removed.
    const query = {
      base,
      filter: filter`(objectClass=*)`,
      attributes: [...attributes, 'modifyTimestamp'],
      signal: closing.signal,
    }
    const since = readUpTo.get(branch)
    const entries =
      since === undefined
        ? directory.list({ ...query, filter: branch.filter })
        : directory.changedSince(query, since)
    for await (const entry of entries) take(branch, entry)
    if (since === undefined && !readUpTo.has(branch)) readUpTo.set(branch, new Date(0))
  }

  async function round(count: number): Promise<void> {
    try {
      for (const branch of branches) await refresh(branch)
      loaded = true
      if (count % SWEEP_EVERY === SWEEP_EVERY - 1) await sweep(branches, index, closing.signal)
    } catch (error) {
      if (!closing.signal.aborted) onError(error)
    }
    if (!closing.signal.aborted) timer = setTimeout(() => void round(count + 1), REFRESH_MS).unref()
  }

  return {
    search(text, searchOptions) {
      if (!loaded) throw new Problem('directory-unavailable', { retryAfter: 2 })
      return index.search(text, searchOptions)
    },
    start: () => round(0),
    close() {
      closing.abort()
      clearTimeout(timer)
    },
  }
}

function indexedPerson(directory: Directory, visibility: Visibility, entry: Entry): IndexedPerson {
  const person = personOf(directory, entry)
  const fullName = [person.givenName, person.familyName].filter((name) => name !== null).join(' ')
  const one = (value: string | null) => (value === null ? [] : [value])
  return {
    directory: person.directory,
    id: person.id,
    login: person.login,
    names: [person.displayName, fullName, ...one(first(entry, 'cn') ?? null)],
    mail: person.mail,
    phone: person.phone,
    title: one(person.title),
    department: one(person.department),
    site: one(person.site),
    hidden: hiddenMask((audience) => visibility.hiddenFrom(audience, entry)),
  }
}

async function sweep(
  branches: readonly Branch[],
  index: ReturnType<typeof createPeopleIndex>,
  signal: AbortSignal,
): Promise<void> {
  const present = new Set<string>()
  for (const { directory, base, filter: condition } of branches) {
    const query = { base, filter: condition, attributes: [directory.idAttribute], signal }
    for await (const entry of directory.list(query)) present.add(`${directory.name}.${directory.idOf(entry)}`)
  }
  for (const ref of index.people()) if (!present.has(`${ref.directory}.${ref.id}`)) index.remove(ref)
}
