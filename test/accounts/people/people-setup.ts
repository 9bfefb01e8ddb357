import type { z } from 'zod'
import type { Actor, PersonActor } from '../../../src/access/actor.ts'
import { everyAttribute, findByLogin } from '../../../src/accounts/find-entry.ts'
import { personRefOf } from '../../../src/accounts/person.ts'
import { openPeople, type TenantPeople } from '../../../src/accounts/people/tenant-people.ts'
import { rolesOf } from '../../../src/access/roles.ts'
import type { tenantSchema } from '../../../src/config/tenant-schema.ts'
import { closeTenant } from '../../../src/tenants/open-tenant.ts'
import type { Tenant } from '../../../src/tenants/tenant.ts'
import type { Slapd } from '../../support/slapd.ts'
import { testTenant } from '../../support/tenant.ts'

export type PeopleSetup = { tenant: Tenant; people: TenantPeople; errors: unknown[]; close(): Promise<void> }

/** A tenant over the test directory whose people were read once. */
export async function setUpPeople(
  slapd: Slapd,
  changes: Partial<z.input<typeof tenantSchema>> = {},
): Promise<PeopleSetup> {
  const tenant = testTenant(slapd, changes)
  const errors: unknown[] = []
  const people = openPeople(tenant, (error) => errors.push(error))
  await people.start()
  return {
    tenant,
    people,
    errors,
    async close() {
      people.close()
      await closeTenant(tenant)
    },
  }
}

export function visitor(tenant: Tenant): Actor {
  return { kind: 'anonymous', tenant }
}

/** The person as they are after signing in. */
export async function signedIn(tenant: Tenant, login: string): Promise<PersonActor> {
  const found = await findByLogin(tenant, 'signIn', login, everyAttribute)
  if (found === null) throw new Error(`nobody has the login ${login}`)
  const { branch, entry } = found
  const person = personRefOf(branch.directory, entry)
  return { kind: 'person', tenant, person, entry, roles: await rolesOf(tenant, entry), scopes: 'session' }
}
