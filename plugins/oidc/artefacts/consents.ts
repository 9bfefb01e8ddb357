import { z } from 'zod'
import type { Queries } from '../../../src/store/postgres.ts'

const rowSchema = z.object({ scopes: z.array(z.string()) })

/** What each person has allowed each application, remembered beyond sessions. */
export type Consents = ReturnType<typeof createConsents>

export function createConsents(tenant: string, database: Queries) {
  return {
    async find(accountId: string, clientId: string): Promise<ReadonlySet<string>> {
      const sql = 'select scopes from oidc_consents where tenant = $1 and account_id = $2 and client_id = $3'
      const [row] = await database.query(rowSchema, sql, [tenant, accountId, clientId], 'oidc-consent-find')
      return new Set(row?.scopes)
    },
    /** Adds scopes to what is allowed already. */
    async grant(accountId: string, clientId: string, scopes: readonly string[], now: Date): Promise<void> {
      const sql = `insert into oidc_consents as known (tenant, account_id, client_id, scopes, granted_at)
        values ($1, $2, $3, $4, $5)
        on conflict (tenant, account_id, client_id) do update set granted_at = excluded.granted_at,
          scopes = array(select distinct scope from unnest(known.scopes || excluded.scopes) scope order by scope)`
      await database.execute(sql, [tenant, accountId, clientId, scopes, now])
    },
  }
}
