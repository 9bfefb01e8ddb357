import type { Permit } from '../access/permit.ts'
import { isWithinReach } from '../access/reach.ts'
import type { StateName } from '../directory/account-state.ts'
import { filter } from '../ldap/filter.ts'
import { accountIdOf } from './account-id.ts'
import { foldWords } from './fold.ts'
import type { PeopleSearch } from './people-search.ts'
import type { Person } from './person.ts'
import { accountAttributes, accountOf, type Account } from './read-account.ts'
import { readByIds } from './search-people.ts'

export type AccountQuery = { text: string; state?: StateName; limit: number; after?: string }
export type AccountPage = { accounts: Account[]; next: string | null }

/** Pages of the index looked through for one page of results, when most people are out of the agent's reach. */
const MOST_INDEX_PAGES = 50

/** A page of the accounts within the permit's reach, by text, by state or both. Complete over all pages, whatever the server's size limit. */
export async function findAccounts(
  services: { search: PeopleSearch },
  permit: Permit<'account.read'>,
  query: AccountQuery,
  now: Date,
): Promise<AccountPage> {
  return query.state === undefined
    ? findByText(services.search, permit, query, now)
    : findByState(permit, { ...query, state: query.state }, now)
}

async function findByText(
  search: PeopleSearch,
  permit: Permit<'account.read'>,
  { text, limit, after }: AccountQuery,
  now: Date,
): Promise<AccountPage> {
  const accounts: Account[] = []
  let next: string | null = after ?? null
  for (let page = 0; page < MOST_INDEX_PAGES; page++) {
    const found = search.search(text, {
      audience: 'agent',
      limit: limit - accounts.length,
      ...(next !== null && { after: next }),
    })
    const entries = await readByIds(permit.agent.tenant, 'desk', found.ids, accountAttributes)
    for (const ref of found.ids) {
      const one = entries.get(accountIdOf(ref))
      if (one && isWithinReach(permit.reach, one.entry))
        accounts.push(await accountOf(one.branch.directory, one.entry, now))
    }
    next = found.next
    if (next === null || accounts.length >= limit) break
  }
  return { accounts, next }
}

/**
 * The directory selects candidates, each is confirmed by its own state. All of them are looked at for each page: the order by name is ours, and the
 * server's pages cannot be kept between requests.
 */
async function findByState(
  permit: Permit<'account.read'>,
  { text, state, limit, after }: AccountQuery & { state: StateName },
  now: Date,
): Promise<AccountPage> {
  const words = foldWords(text)
  const accounts: Account[] = []
  for (const branch of permit.agent.tenant.uses.desk) {
    const { directory, base } = branch
    const candidates = filter`(&${branch.filter}${await directory.stateFilter(state, now)})`
    for await (const entry of directory.list({
      base,
      filter: candidates,
      attributes: accountAttributes(directory),
    })) {
      if (!isWithinReach(permit.reach, entry)) continue
      const account = await accountOf(directory, entry, now)
      const isSo = account.state.conditions.some((condition) => condition.kind === state)
      if (isSo && hasWords(account.person, words)) accounts.push(account)
    }
  }
  const sorted = accounts
    .map((account) => ({ account, key: sortKey(account.person) }))
    .toSorted((a, b) => compare(a.key, b.key))
  const rest = after === undefined ? sorted : sorted.filter(({ key }) => compare(key, cursorKey(after)) > 0)
  const page = rest.slice(0, limit)
  const last = page.at(-1)
  return {
    accounts: page.map(({ account }) => account),
    next: last !== undefined && rest.length > limit ? Buffer.from(last.key).toString('base64url') : null,
  }
}

function hasWords(person: Person, words: readonly string[]): boolean {
  const own = foldWords([person.displayName, person.login, ...person.mail].join(' '))
  return words.every((word) => own.some((candidate) => candidate.includes(word)))
}

function sortKey(person: Person): string {
  return `${foldWords(person.displayName).join(' ')}\n${accountIdOf(person)}`
}

function cursorKey(after: string): string {
  return Buffer.from(after, 'base64url').toString()
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
