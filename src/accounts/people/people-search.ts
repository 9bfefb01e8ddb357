import type { Visibility } from '../../access/visibility.ts'
import type { Branch } from '../../directory/branch.ts'
import { Problem } from '../../problems/problem.ts'
import type { EntryId } from './people-index/indexed-person.ts'
import { createPeopleIndex, type SearchOptions, type SearchResult } from './people-index/people-index.ts'
import { createPeopleReader } from './people-reader.ts'

/** A change in the directory is found within this time; what is shown is read live anyway. */
const REFRESH_MS = 2_000
/** Readings between two looks for people who left, and for late changes. Who left is not shown in between: cards are read live. */
const READINGS_PER_SWEEP = 30

export type PeopleSearch = {
  /** Throws Problem `directory-unavailable` until the people were read once. */
  search(text: string, options: SearchOptions): SearchResult
  /** Whether the entry held a photo when it was read: results say so without fetching pictures. */
  hasPhoto(ref: EntryId): boolean
  /** Whether the first reading is over, also when it failed. */
  isStarted(): boolean
  /** Reads everyone, then keeps up with the directory until closed. Resolves after the first reading, also a failed one: it is tried for ever. */
  start(): Promise<void>
  close(): void
}

/** The folded index over branches of the directory, filled from it and kept fresh. `onError` is told of each reading that failed. */
export function createPeopleSearch(options: {
  branches: readonly Branch[]
  visibility: Visibility
  country: string
  locale: string
  onError: (error: unknown) => void
}): PeopleSearch {
  const index = createPeopleIndex(options)
  const reader = createPeopleReader(options.branches, options.visibility, index)
  const closing = new AbortController()
  let loaded = false
  let isStarted = false
  let timer: NodeJS.Timeout | undefined

  async function read(count: number): Promise<void> {
    try {
      const isSweep = (count + 1) % READINGS_PER_SWEEP === 0
      await reader.readChanges({ late: isSweep, signal: closing.signal })
      loaded = true
      if (isSweep) await reader.forgetDeleted(closing.signal)
    } catch (error) {
      if (!closing.signal.aborted) options.onError(error)
    }
    isStarted = true
    if (!closing.signal.aborted) timer = setTimeout(() => void read(count + 1), REFRESH_MS).unref()
  }

  return {
    search(text, searchOptions) {
      if (!loaded) throw new Problem('directory-unavailable', { retryAfter: 2 })
      return index.search(text, searchOptions)
    },
    hasPhoto: reader.hasPhoto,
    isStarted: () => isStarted,
    start: () => read(0),
    close() {
      closing.abort()
      clearTimeout(timer)
    },
  }
}
