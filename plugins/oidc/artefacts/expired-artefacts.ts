import type { Queries } from '../../../src/store/postgres.ts'

/** Removes what PostgreSQL keeps of grants and refresh tokens that are over: they are refused anyway. Tells how many rows went. */
export async function deleteExpiredArtefacts(database: Queries, now: Date): Promise<number> {
  const tokens = await database.execute('delete from oidc_refresh_tokens where expires_at < $1', [now])
  return tokens + (await database.execute('delete from oidc_grants where expires_at < $1', [now]))
}
