import type { PersonRef } from '../../../access/actor.ts'

/** Which entry, for ever. */
export type EntryId = Pick<PersonRef, 'directory' | 'id'>

/** What is searched of a person. Every list may be empty; values are as the directory holds them. */
export type IndexedPerson = EntryId & {
  login: string
  /** The first is the name shown, and the one that lists are sorted by; the others (cn, given and family name) are searched too. */
  names: readonly string[]
  mail: readonly string[]
  phone: readonly string[]
  title: readonly string[]
  department: readonly string[]
  site: readonly string[]
  /** From `hiddenMask`: what is hidden, to whom. 0: nothing. */
  hidden: number
}
