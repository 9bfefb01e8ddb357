import { isDeepStrictEqual } from 'node:util'
import type { ExpectedClaims } from '../config/expected-schema.ts'
import type { Tenant } from '../tenants/tenant.ts'
import type { Expectations, Outcome, Said } from './expectation.ts'

/** Asks what an application would be told of a person. */
export async function expectClaims(
  tenant: Tenant,
  { login, client, has, lacks }: ExpectedClaims,
  { claimsFor }: Expectations,
): Promise<Outcome> {
  const what: Said = ['expect.claims', { login, client }]
  if (!tenant.config.clients.some(({ id }) => id === client))
    return { what, unlike: [['expect.noClient', { client }]] }
  const claims = await claimsFor(tenant, login, client)
  if (claims === null) return { what, unlike: [['expect.nobody', { login }]] }
  const other = Object.entries(has).flatMap(([claim, wanted]): Said[] => {
    const given = claims[claim]
    if (holds(given, wanted)) return []
    return [
      ['expect.claimOther', { claim, given: JSON.stringify(given) ?? '–', wanted: JSON.stringify(wanted) }],
    ]
  })
  const told = lacks.filter((claim) => claims[claim] !== undefined)
  return { what, unlike: [...other, ...told.map((claim): Said => ['expect.claimTold', { claim }])] }
}

/** Of a list, all that is wanted must be in it. */
function holds(given: unknown, wanted: unknown): boolean {
  if (!Array.isArray(wanted)) return isDeepStrictEqual(given, wanted)
  return Array.isArray(given) && wanted.every((one) => given.some((each) => isDeepStrictEqual(each, one)))
}
