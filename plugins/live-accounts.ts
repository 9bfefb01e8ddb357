import { LRUCache } from 'lru-cache'
import { everyAttribute, findByAccountId, type Found } from '../src/accounts/find-entry.ts'
import { rolesOf } from '../src/access/roles.ts'
import type { RoleConfig } from '../src/config/role-schema.ts'
import { isShutOut } from '../src/accounts/shut-out.ts'
import { Problem } from '../src/problems/problem.ts'
import type { Tenant } from '../src/tenants/tenant.ts'

/** Milliseconds that a replica goes by what it read of an account: who is disabled in the directory is out that much later at most. */
const freshFor = 3_000
/** The same while the directory does not answer, which then knows of nobody disabled either: people who are in stay in. */
const staleFor = 300_000
const MAX_ACCOUNTS = 10_000

/** An account that may go on: its entry with all user attributes, and the roles of its groups. */
export type LiveAccount = Found & { roles: readonly RoleConfig[] }

export type FindLiveAccount = (tenant: Tenant, accountId: string) => Promise<LiveAccount | null>

/**
 * Finds the people behind sessions and tokens. Null for who is not there any more, or must not go on: removed from the sign-in branches, disabled,
 * not yet or no longer valid, locked by an agent. A lock by the directory's policy ends no session: anybody can cause one by guessing. Throws Problem
 * `directory-unavailable` for whom this replica does not know from the last minutes.
 */
export function createLiveAccounts(clock: () => Date): FindLiveAccount {
  const fresh = new LRUCache<string, Promise<LiveAccount | null>>({ max: MAX_ACCOUNTS, ttl: freshFor })
  const stale = new LRUCache<string, { account: LiveAccount | null }>({ max: MAX_ACCOUNTS, ttl: staleFor })

  async function read(key: string, tenant: Tenant, accountId: string): Promise<LiveAccount | null> {
    try {
      const account = await find(tenant, accountId, clock())
      stale.set(key, { account })
      return account
    } catch (error) {
      const last = stale.get(key)
      if (last === undefined || !(error instanceof Problem) || error.status !== 503) throw error
      return last.account
    }
  }

  return (tenant, accountId) => {
    const key = `${tenant.name} ${accountId}`
    const known = fresh.get(key)
    if (known !== undefined) return known
    const found = read(key, tenant, accountId)
    fresh.set(key, found)
    // An outage is not what we know of an account.
    found.catch(() => fresh.delete(key))
    return found
  }
}

async function find(tenant: Tenant, accountId: string, now: Date): Promise<LiveAccount | null> {
  const found = await findByAccountId(tenant, 'signIn', accountId, (directory) => [
    ...everyAttribute(directory),
    ...directory.stateAttributes,
  ])
  if (found === null) return null
  const [state, roles] = await Promise.all([
    found.branch.directory.accountState(found.entry, now),
    rolesOf(tenant, found.entry),
  ])
  return isShutOut(state) ? null : { ...found, roles }
}
