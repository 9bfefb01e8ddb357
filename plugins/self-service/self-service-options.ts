import type { Mailer } from '../../src/accounts/mailer.ts'
import type { PasswordPolicy } from '../../src/accounts/password/password-policy.ts'
import type { Sessions } from '../../src/accounts/sessions.ts'
import type { TenantPeople } from '../../src/accounts/people/tenant-people.ts'
import type { Trail } from '../../src/audit/trail.ts'
import type { Jobs } from '../../src/jobs/start-jobs.ts'
import type { EphemeralStore } from '../../src/store/ephemeral.ts'
import type { Sealer } from '../../src/store/seal.ts'
import type { Tenant } from '../../src/tenants/tenant.ts'

/** What self-service stands on. */
export type SelfServiceOptions = {
  trail: Trail
  ephemeral: EphemeralStore
  sealer: Sealer
  mailer: Mailer
  sessions: Sessions
  jobs: Pick<Jobs, 'send'>
  peopleOf: (tenant: Tenant) => Pick<TenantPeople, 'visibility' | 'search'>
  passwordPolicyOf: (tenant: Tenant) => PasswordPolicy
  clock: () => Date
}
