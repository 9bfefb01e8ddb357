import { createVisibility } from '../../src/access/visibility.ts'
import { accountIdOf } from '../../src/accounts/account-id.ts'
import { everyAttribute, findByLogin } from '../../src/accounts/find-entry.ts'
import { personRefOf } from '../../src/accounts/person.ts'
import type { Tenant } from '../../src/tenants/tenant.ts'
import { createLiveAccounts } from '../live-accounts.ts'
import { claimSource } from './claim-source.ts'
import { claimsOf } from './claims.ts'

/**
 * What a client that asks for all its scopes would be told of a person: nobody signs in, and nothing is kept. Null when nobody of that name may sign in; only the
 * subject for a client that is not known.
 */
export async function claimsFor(
  tenant: Tenant,
  login: string,
  clientId: string,
): Promise<Readonly<Record<string, unknown>> | null> {
  const found = await findByLogin(tenant, 'signIn', login, everyAttribute)
  if (found === null) return null
  const accountId = accountIdOf(personRefOf(found.branch.directory, found.entry))
  const account = await createLiveAccounts(() => new Date())(tenant, accountId)
  if (account === null) return null
  const scopes = tenant.config.clients.find(({ id }) => id === clientId)?.scopes ?? []
  const visibility = createVisibility(tenant.config.whitePages.visibility)
  return await claimsOf(claimSource(tenant, visibility, account), scopes.join(' '))
}
