import { audienceOf } from '../access/audience.ts'
import type { Permit } from '../access/permit.ts'
import { reachTest } from '../access/reach.ts'
import type { StateName } from '../directory/account-state.ts'
import { accountIdOf } from './account-id.ts'
import { listByState } from './list-by-state.ts'
import type { PeopleSearch } from './people/people-search.ts'
import { deskAttributes, seeAccount, type DeskAccount, type DeskView } from './read-account.ts'
import { readByIds } from './people/search-people.ts'

export type AccountQuery = { text: string; state?: StateName; limit: number; after?: string }
export type AccountPage = { accounts: DeskAccount[]; next: string | null }

export type DeskSearch = DeskView & { deskSearch: PeopleSearch }

/** People looked at in one go when the page before held nobody within reach, and at most for one page of results. */
const BATCH = 200
const MOST_LOOKED_AT = 2_000

/**
 * A page of the accounts within the permit's reach, by text, by state or both. Complete over all pages,
 * whatever the server's size limit; a page may be shorter than `limit` and still have a next one. Throws
 * Problem `directory-unavailable`, `invalid-input` for the cursor.
 */
export async function findAccounts(
  services: DeskSearch,
  permit: Permit<'account.read'>,
  { state, ...query }: AccountQuery,
  now: Date,
): Promise<AccountPage> {
  return state === undefined
    ? await findByText(services, permit, query, now)
    : await listByState(services, permit, { ...query, state }, now)
}

async function findByText(
  services: DeskSearch,
  permit: Permit<'account.read'>,
  { text, limit, after }: Omit<AccountQuery, 'state'>,
  now: Date,
): Promise<AccountPage> {
  const { agent } = permit
  const isReached = reachTest(permit.reach)
  const asked = deskAttributes(services, permit)
  const audience = audienceOf(agent)
  const search = (size: number, from: string | undefined) =>
    services.deskSearch.search(text, {
      audience: audience === 'self' ? 'agent' : audience,
      limit: size,
      ...(from !== undefined && { after: from }),
    })
  const accounts: DeskAccount[] = []
  let from = after
  for (let looked = 0; looked < MOST_LOOKED_AT;) {
    const { ids, next } = search(looked === 0 ? limit : BATCH, from)
    // The index remembers a directory that is gone: "nobody of that name" must not be said in its place.
    if (ids.length === 0) await Promise.all(agent.tenant.uses.desk.map(({ directory }) => directory.ping()))
    const found = await readByIds(agent.tenant, 'desk', ids, asked)
    for (const [index, ref] of ids.entries()) {
      const one = found.get(accountIdOf(ref))
      const account = one && isReached(one.entry) ? await seeAccount(services, permit, one, now) : null
      if (account === null) continue
      accounts.push(account)
      // The cursor leads past the last one shown, which need not be the last of the batch.
      if (accounts.length === limit) return { accounts, next: search(index + 1, from).next }
    }
    if (next === null) return { accounts, next }
    from = next
    looked += ids.length
  }
  return { accounts, next: from ?? null }
}
