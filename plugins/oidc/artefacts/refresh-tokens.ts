import { errors, type Adapter } from 'oidc-provider'
import { z } from 'zod'
import type { Queries } from '../../../src/store/postgres.ts'
import { artefactHash } from './artefact-key.ts'
import { decodeArtefact, encodeArtefact } from './artefact-json.ts'
import type { Grants } from './grants.ts'
import type { RequestReads } from './request-reads.ts'

const rowSchema = z.object({
  payload: z.string(),
  consumed_at: z.date().nullable(),
  /** Payload of its grant. */
  grant: z.string(),
})

// A token whose grant is gone does not exist, hence the inner join; the row stays until it expires.
const find = `select token.payload, token.consumed_at, "grant".payload as "grant"
  from oidc_refresh_tokens token join oidc_grants "grant" on "grant".tenant = token.tenant and "grant".id = token.grant_id
  where token.tenant = $1 and token.id = $2`
const insert = `insert into oidc_refresh_tokens (tenant, id, grant_id, account_id, payload, expires_at)
  values ($1, $2, $3, $4, $5, to_timestamp($6))`
const consume = `update oidc_refresh_tokens set consumed_at = $3 where tenant = $1 and id = $2 and consumed_at is null`

export type RefreshTokenOptions = {
  database: Queries
  reads: RequestReads
  grants: Grants
  tenant: string
  clock: () => Date
}

/** Refresh tokens, in PostgreSQL. Each is used once; who comes second, at the same instant or a month later, ends the whole family. */
export function refreshTokens({ database, reads, grants, tenant, clock }: RefreshTokenOptions): Adapter {
  return {
    async upsert(id, payload) {
      const { grantId = '', accountId = '', exp = 0 } = payload
      const values = [
        tenant,
        artefactHash(id),
        artefactHash(grantId),
        accountId,
        encodeArtefact(payload),
        exp,
      ]
      await database.execute(insert, values, 'oidc-refresh-insert')
    },
    async find(id) {
      const [row] = await database.query(rowSchema, find, [tenant, artefactHash(id)], 'oidc-refresh-find')
      if (row === undefined) return undefined
      const payload = decodeArtefact(row.payload, id)
      if (payload.grantId !== undefined) reads.note(grants.keyOf(payload.grantId), row.grant)
      return row.consumed_at === null ? payload : { ...payload, consumed: toSeconds(row.consumed_at) }
    },
    async consume(id) {
      const updated = await database.execute(
        consume,
        [tenant, artefactHash(id), clock()],
        'oidc-refresh-consume',
      )
      if (updated === 1) return
      const token = await this.find(id)
      if (token?.grantId !== undefined) await grants.destroy(token.grantId)
      throw new errors.InvalidGrant('refresh token already used')
    },
    async destroy(id) {
      const sql = 'delete from oidc_refresh_tokens where tenant = $1 and id = $2'
      await database.execute(sql, [tenant, artefactHash(id)], 'oidc-refresh-delete')
    },
    findByUid: () => Promise.resolve(undefined),
    findByUserCode: () => Promise.resolve(undefined),
    revokeByGrantId: () => Promise.resolve(),
  }
}

function toSeconds(date: Date): number {
  return Math.floor(date.getTime() / 1000)
}
