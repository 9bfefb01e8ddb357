import type { Mailer } from '../../src/accounts/mailer.ts'
import type { PasswordPolicy } from '../../src/accounts/password/password-policy.ts'
import type { Sessions } from '../../src/accounts/sessions.ts'
import type { TenantPeople } from '../../src/accounts/people/tenant-people.ts'
import type { Trail } from '../../src/audit/trail.ts'
import type { EphemeralStore } from '../../src/store/ephemeral.ts'
import type { Sealer } from '../../src/store/seal.ts'
import type { Tenant } from '../../src/tenants/tenant.ts'

/** What the service desk stands on. */
export type DeskServices = {
  trail: Trail
  ephemeral: EphemeralStore
  sealer: Sealer
  mailer: Mailer
  sessions: Sessions
  peopleOf: (tenant: Tenant) => Pick<TenantPeople, 'deskSearch' | 'visibility'>
  passwordPolicyOf: (tenant: Tenant) => PasswordPolicy
  clock: () => Date
}
