import { z } from 'zod'
import type { Permit } from '../access/permit.ts'
import type { StateName } from '../directory/account-state.ts'
import { accountIdOf } from './account-id.ts'
import { accountsInState } from './accounts-in-state.ts'
import { readCursor, writeCursor } from './cursor.ts'
import { foldWords } from './fold.ts'
import type { Person } from './person.ts'
import type { DeskAccount, DeskView } from './read-account.ts'

export type StateQuery = { text: string; state: StateName; limit: number; after?: string }

type Listed = { key: string; account: DeskAccount }

/**
 * A page of the accounts in that state, by name. The directory selects candidates, each is confirmed by its
 * own state. All of them are looked at for each page, because the server's pages cannot be kept between
 * requests; only the page itself is held in memory.
 */
export async function listByState(
  view: DeskView,
  permit: Permit<'account.read'>,
  { text, state, limit, after }: StateQuery,
  now: Date,
): Promise<{ accounts: DeskAccount[]; next: string | null }> {
  const words = foldWords(text)
  const start = after === undefined ? '' : readCursor(z.string(), after)
  const page: Listed[] = []
  for await (const account of accountsInState(view, permit, state, now)) {
    const key = sortKey(account)
    if (key > start && hasWords(account.shown, words)) insert(page, { key, account }, limit + 1)
  }
  const last = page[limit - 1]
  return {
    accounts: page.slice(0, limit).map(({ account }) => account),
    next: page.length > limit && last !== undefined ? writeCursor(last.key) : null,
  }
}

/** Keeps the list sorted and no longer than `most`. */
function insert(page: Listed[], listed: Listed, most: number): void {
  const place = page.findIndex(({ key }) => key >= listed.key)
  if (place >= 0) page.splice(place, 0, listed)
  else if (page.length < most) page.push(listed)
  page.length = Math.min(page.length, most)
}

/** Whether the words are in what the agent sees of the person. */
export function hasWords(person: Person, words: readonly string[]): boolean {
  const own = foldWords([person.displayName, person.login, ...person.mail].join(' '))
  return words.every((word) => own.some((candidate) => candidate.includes(word)))
}

function sortKey({ shown }: DeskAccount): string {
  return `${foldWords(shown.displayName).join(' ')}\n${accountIdOf(shown)}`
}
