import { z } from 'zod'
import type { Database } from '../store/postgres.ts'
import { SealBroken, type Sealer } from '../store/seal.ts'

export type PeopleVerdict = { readonly opened: number; readonly broken: number }

const batchSize = 2_000

/** Opens the key of every person in a tenant's trail: without it the trail still verifies, and nobody can be told who it was. */
export async function verifyPeople(
  database: Database,
  sealer: Sealer,
  tenant: string,
): Promise<PeopleVerdict> {
  let [opened, broken] = [0, 0]
  for (let after = firstUuid; ;) {
    const rows = await database.query(row, pageSql, [tenant, after, batchSize])
    for (const { person, sealed } of rows) {
      if (opens(sealer, tenant, person, sealed)) opened += 1
      else broken += 1
    }
    const last = rows.at(-1)
    if (last === undefined) return { opened, broken }
    after = last.person
  }
}

function opens(sealer: Sealer, tenant: string, person: string, sealed: string): boolean {
  try {
    sealer.open('audit', ['person', tenant, person], sealed)
    return true
  } catch (error) {
    if (error instanceof SealBroken) return false
    throw error
  }
}

const row = z.object({ person: z.string(), sealed: z.string() })
const firstUuid = '00000000-0000-0000-0000-000000000000'

const pageSql = `select person, sealed_key as sealed from audit_people
  where tenant = $1 and person > $2 and sealed_key is not null order by person limit $3`
