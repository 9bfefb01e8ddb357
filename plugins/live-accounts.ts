import { LRUCache } from 'lru-cache'
import { everyAttribute, findByAccountId, type Found } from '../src/accounts/find-entry.ts'
import { rolesOf } from '../src/access/roles.ts'
import type { RoleConfig } from '../src/config/role-schema.ts'
import type { Condition } from '../src/directory/account-state.ts'
import type { Tenant } from '../src/tenants/tenant.ts'

/** Milliseconds that a replica goes by what it read of an account: who is disabled in the directory is out that much later at most. */
const freshFor = 3_000
const MAX_ACCOUNTS = 10_000

/** An account that may go on: its entry with all user attributes, and the roles of its groups. */
export type LiveAccount = Found & { roles: readonly RoleConfig[] }

export type FindLiveAccount = (tenant: Tenant, accountId: string) => Promise<LiveAccount | null>

/**
 * Finds the people behind sessions and tokens. Null for who is not there any more, or must not go on: removed from the sign-in branches, disabled,
 * not yet or no longer valid, locked by an agent. A lock by the directory's policy ends no session: anybody can cause one by guessing.
 */
export function createLiveAccounts(clock: () => Date): FindLiveAccount {
  const known = new LRUCache<string, Promise<LiveAccount | null>>({ max: MAX_ACCOUNTS, ttl: freshFor })

  return (tenant, accountId) => {
    const key = `${tenant.name} ${accountId}`
    const cached = known.get(key)
    if (cached !== undefined) return cached
    const found = find(tenant, accountId, clock())
    known.set(key, found)
    // An outage is not what we know of an account.
    found.catch(() => known.delete(key))
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
  return state.conditions.some(endsSessions) ? null : { ...found, roles }
}

function endsSessions(condition: Condition): boolean {
  switch (condition.kind) {
    case 'disabled':
    case 'not-started':
    case 'ended':
      return true
    case 'closed-elsewhere':
      return condition.how === 'hash-prefix'
    case 'locked':
      return condition.by === 'agent'
    case 'idle':
    case 'password-expired':
    case 'must-change':
      return false
  }
}
