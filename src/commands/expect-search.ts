import type { Actor } from '../access/actor.ts'
import { rolesOf } from '../access/roles.ts'
import { everyAttribute, findByLogin } from '../accounts/find-entry.ts'
import { searchPeople } from '../accounts/people/search-people.ts'
import type { TenantPeople } from '../accounts/people/tenant-people.ts'
import { personRefOf } from '../accounts/person.ts'
import type { ExpectedSearch } from '../config/expected-schema.ts'
import type { Tenant } from '../tenants/tenant.ts'
import type { Outcome, Said } from './expectation.ts'

const LIMIT = 100

/** Searches as the white pages do, with what that person may see. */
export async function expectSearch(
  tenant: Tenant,
  people: TenantPeople,
  expected: ExpectedSearch,
): Promise<Outcome> {
  const { search, as, finds, hides } = expected
  const what: Said =
    as === undefined ? ['expect.search', { search }] : ['expect.searchAs', { search, login: as }]
  const actor = await actorOf(tenant, as)
  if (actor === null) return { what, unlike: [['expect.nobody', { login: as ?? '' }]] }
  if (actor.kind === 'anonymous' && tenant.config.whitePages.access === 'signed-in')
    return { what, unlike: [['expect.signedInOnly', {}]] }
  const page = await searchPeople(people, actor, { text: search, limit: LIMIT })
  const found = new Set(page.people.map(({ login }) => login))
  const missing = finds.filter((login) => !found.has(login))
  const shown = hides.filter((login) => found.has(login))
  const isNobodyWanted = finds.length === 0 && hides.length === 0
  const unlike: Said[] = [
    ...missing.map((login): Said => ['expect.notFound', { login }]),
    ...shown.map((login): Said => ['expect.found', { login }]),
    ...(isNobodyWanted && found.size > 0 ? [['expect.foundSome', { count: page.total }] satisfies Said] : []),
  ]
  return { what, unlike }
}

async function actorOf(tenant: Tenant, login: string | undefined): Promise<Actor | null> {
  if (login === undefined) return { kind: 'anonymous', tenant }
  const found = await findByLogin(tenant, 'signIn', login, everyAttribute)
  if (found === null) return null
  const { branch, entry } = found
  const roles = await rolesOf(tenant, entry)
  return {
    kind: 'person',
    tenant,
    person: personRefOf(branch.directory, entry),
    entry,
    roles,
    scopes: 'session',
  }
}
