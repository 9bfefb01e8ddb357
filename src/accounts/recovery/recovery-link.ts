import { hash, randomBytes } from 'node:crypto'
import type { EphemeralStore } from '../../store/ephemeral.ts'
import type { Tenant } from '../../tenants/tenant.ts'

/**
 * The one link by which an account can be recovered. The store holds only the token's hash; a newer link, or any new password, ends an older one.
 * Two keys: the token leads to the account, the account names the one token that counts.
 */
export async function openRecoveryLink(
  store: EphemeralStore,
  tenant: Tenant,
  accountId: string,
): Promise<string> {
  const token = randomBytes(32).toString('base64url')
  const seconds = lifetime(tenant)
  await store.set(currentKey(tenant, accountId), hashOf(token), seconds)
  await store.set(tokenKey(tenant, token), accountId, seconds)
  return token
}

/** The account that the token recovers, or null. Looking does not use the token up: mail scanners open links too. */
export async function findRecovery(
  store: EphemeralStore,
  tenant: Tenant,
  token: string,
): Promise<string | null> {
  const accountId = await store.get(tokenKey(tenant, token))
  if (accountId === null) return null
  return (await store.get(currentKey(tenant, accountId))) === hashOf(token) ? accountId : null
}

/** Uses the token up: of any number of callers one gets true. */
export async function takeRecovery(store: EphemeralStore, tenant: Tenant, token: string): Promise<boolean> {
  return (await store.take(tokenKey(tenant, token))) !== null
}

/** Gives a token back whose use came to nothing. */
export async function returnRecovery(
  store: EphemeralStore,
  tenant: Tenant,
  token: string,
  accountId: string,
): Promise<void> {
  await store.set(tokenKey(tenant, token), accountId, lifetime(tenant))
}

/** Ends the account's link, if there is one: the password is new. */
export async function closeRecovery(store: EphemeralStore, tenant: Tenant, accountId: string): Promise<void> {
  await store.delete(currentKey(tenant, accountId))
}

function lifetime(tenant: Tenant): number {
  return tenant.config.recovery.lifetime * 60
}

function tokenKey(tenant: Tenant, token: string): string {
  return `recovery:${tenant.name}:${hashOf(token)}`
}

function currentKey(tenant: Tenant, accountId: string): string {
  return `recovery-current:${tenant.name}:${accountId}`
}

function hashOf(token: string): string {
  return hash('sha256', token, 'base64url')
}
