import { z } from 'zod'
import { findAll, type Branch } from '../../directory/branch.ts'
import { groupAttributes, groupOf, type Group } from '../../directory/groups.ts'
import { filter } from '../../ldap/filter.ts'
import type { Locale } from '../../messages/message.ts'
import { readCursor, writeCursor } from '../cursor.ts'
import { foldWords } from '../fold.ts'
import { compareNames } from './name-order.ts'

/** A changed group is found within this time. Groups are few and change rarely, their members are read live. */
const FRESH_MS = 4_000

export type GroupsPage = { groups: Group[]; total: number; next: string | null }

export type GroupList = {
  /**
   * Groups with every word of the text in their name or description, by name. Throws Problem
   * `directory-unavailable`, `invalid-input` for the cursor.
   */
  find(query: { text: string; limit: number; after?: string }): Promise<GroupsPage>
}

const cursorShape = z.object({ name: z.string(), dn: z.string() })

type Listed = { group: Group; folded: string }

/** All groups of the branches, read again when somebody asks and the last reading is some seconds old. */
export function createGroupList(options: {
  branches: readonly Branch[]
  locale: Locale
  clock: () => Date
}): GroupList {
  const { branches, locale, clock } = options
  const compare = (a: Pick<Group, 'name' | 'dn'>, b: Pick<Group, 'name' | 'dn'>): number =>
    compareNames(locale, a.name, b.name) || (a.dn < b.dn ? -1 : Number(a.dn > b.dn))
  let last: { at: number; list: Promise<Listed[]> } | null = null

  async function readAll(): Promise<Listed[]> {
    const entries = await Promise.all(
      branches.map((branch) => findAll(branch, filter`(cn=*)`, groupAttributes)),
    )
    return entries
      .flat()
      .map(groupOf)
      .toSorted(compare)
      .map((group) => ({
        group,
        folded: ` ${foldWords(`${group.name} ${group.description ?? ''}`).join(' ')}`,
      }))
  }

  function current(): Promise<Listed[]> {
    const now = clock().getTime()
    if (last !== null && now - last.at < FRESH_MS) return last.list
    const reading = { at: now, list: readAll() }
    last = reading
    // An outage is not what we know of the groups.
    reading.list.catch(() => {
      if (last === reading) last = null
    })
    return reading.list
  }

  return {
    async find({ text, limit, after }) {
      const words = foldWords(text)
      const matching = (await current()).filter(({ folded }) => words.every((word) => folded.includes(word)))
      const place = after === undefined ? null : readCursor(cursorShape, after)
      const rest = place === null ? matching : matching.filter(({ group }) => compare(group, place) > 0)
      const groups = rest.slice(0, limit).map(({ group }) => group)
      const end = groups.at(-1)
      return {
        groups,
        total: matching.length,
        next: rest.length > limit && end !== undefined ? writeCursor({ name: end.name, dn: end.dn }) : null,
      }
    },
  }
}
