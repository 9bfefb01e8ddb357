import { rulesToJudge } from '../../src/accounts/password/judge-password.ts'
import type { PasswordPolicy } from '../../src/accounts/password/password-policy.ts'
import type { AuditEvent } from '../../src/audit/event.ts'
import { createVisibility } from '../../src/access/visibility.ts'
import type { EphemeralStore } from '../../src/store/ephemeral.ts'
import type { Database } from '../../src/store/postgres.ts'
import type { Sealer } from '../../src/store/seal.ts'
import { loadSigningKeys } from '../../src/store/signing-keys.ts'
import type { Tenant } from '../../src/tenants/tenant.ts'
import type { FindLiveAccount } from '../live-accounts.ts'
import { createArtefacts } from './artefacts/artefacts.ts'
import { claimSource } from './claim-source.ts'
import { createClientSecretCheck } from './client-secret-check.ts'
import { createConsents } from './artefacts/consents.ts'
import { createCookieSigner } from './cookies.ts'
import { createOriginCheck } from './cors.ts'
import type { EventTrail } from './provider-events.ts'
import { createRunningProvider } from './running-provider.ts'
import { keySetOf } from './signing-key-set.ts'
import type { TenantOidc } from './tenant-oidc.ts'

export type TenantOidcServices = {
  ephemeral: EphemeralStore
  database: Database
  sealer: Sealer
  findAccount: FindLiveAccount
  passwordPolicyOf: (tenant: Tenant) => PasswordPolicy
  record(event: AuditEvent): Promise<unknown>
  logError(error: unknown, requestId: string): void
  clock: () => Date
}

/** Puts OpenID Connect of one tenant together. Asks nothing of any server yet. */
export function openTenantOidc(tenant: Tenant, services: TenantOidcServices): TenantOidc {
  const { ephemeral: store, database, sealer, logError, clock } = services
  const artefacts = createArtefacts(tenant, { store, database, clock })
  const consents = createConsents(tenant.name, database)
  const signer = createCookieSigner(sealer.keys('cookie'))
  const visibility = createVisibility(tenant.config.whitePages.visibility)
  const trail: EventTrail = {
    tenant: tenant.name,
    clock,
    logError,
    // What it tells of is over; that it is not in the audit must not be silent.
    record: (event) =>
      void services.record(event).catch((error: unknown) => logError(error, event.requestId ?? '')),
  }
  const running = createRunningProvider(
    {
      tenant,
      artefacts,
      consents,
      signer,
      trail,
      findAccount: async (accountId) => {
        const account = await services.findAccount(tenant, accountId)
        return account === null ? null : claimSource(tenant, visibility, account)
      },
      secretCheck: createClientSecretCheck(tenant.name, store),
      clock,
    },
    async () => keySetOf(await loadSigningKeys(database, sealer, tenant.name, clock())),
  )
  return {
    tenant,
    artefacts,
    consents,
    signer,
    running,
    isClientOrigin: createOriginCheck(tenant),
    passwordRules: rulesToJudge(services.passwordPolicyOf(tenant)),
    mayGoOn: async (accountId) => (await services.findAccount(tenant, accountId)) !== null,
    endSession: (uid) => artefacts.accountSessions.end(uid),
  }
}
