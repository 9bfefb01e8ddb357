import type { Tenant } from '../../tenants/tenant.ts'
import type { OwnWords } from './password-policy.ts'
import type { Person } from '../person.ts'

/** What somebody who knows the person would try first. */
export function ownWordsOf(tenant: Tenant, person: Person): OwnWords {
  const mails = person.mail.flatMap((address) => address.split('@')[0] ?? [])
  const names = [person.displayName, person.givenName, person.familyName].filter((name) => name !== null)
  return [person.login, ...names, ...mails, tenant.name, tenant.config.displayName]
}
