import { randomBytes } from 'node:crypto'
import type { Adapter, AdapterPayload } from 'oidc-provider'
import { z } from 'zod'
import type { EphemeralStore } from '../../../src/store/ephemeral.ts'
import type { Queries } from '../../../src/store/postgres.ts'
import { artefactHash, artefactKey } from './artefact-key.ts'
import { decodeArtefact, encodeArtefact } from './artefact-json.ts'
import type { RequestReads } from './request-reads.ts'

/** A dot is in no id that the library makes. */
const DURABLE = 'durable.'

/**
 * What a person allowed a client, per browser session (never shared between sessions: signing out in one browser would kill all others).
 * Grants of clients that hold refresh tokens outlive a restart of the ephemeral store and are kept in PostgreSQL; their ids say so.
 */
export type Grants = Adapter & {
  keyOf(id: string): string
  destroy(id: string): Promise<void>
}

/** A new id; `durable` for a grant that is kept in PostgreSQL. */
export function newGrantId({ durable }: { durable: boolean }): string {
  const id = randomBytes(32).toString('base64url')
  return durable ? DURABLE + id : id
}

/** Whether the grant is kept in PostgreSQL: its id says so. */
export function isDurable(grantId: string): boolean {
  return grantId.startsWith(DURABLE)
}

const rowSchema = z.object({ payload: z.string() })

/** The grants of a tenant, as the adapter that the library asks for. */
export function createGrants(
  tenant: string,
  { store, database, reads }: { store: EphemeralStore; database: Queries; reads: RequestReads },
): Grants {
  const keyOf = (id: string) => artefactKey(tenant, 'Grant', id)

  async function readDurable(id: string): Promise<string | null> {
    const known = reads.known(keyOf(id))
    if (known !== undefined) return known
    const sql = 'select payload from oidc_grants where tenant = $1 and id = $2'
    const [row] = await database.query(rowSchema, sql, [tenant, artefactHash(id)], 'oidc-grant-find')
    reads.note(keyOf(id), row?.payload ?? null)
    return row?.payload ?? null
  }

  async function writeDurable(id: string, payload: AdapterPayload): Promise<void> {
    const sql = `insert into oidc_grants (tenant, id, account_id, client_id, payload, expires_at)
      values ($1, $2, $3, $4, $5, to_timestamp($6))
      on conflict (tenant, id) do update set payload = excluded.payload, expires_at = excluded.expires_at`
    const { accountId = '', clientId = '', exp = 0 } = payload
    const values = [tenant, artefactHash(id), accountId, clientId, encodeArtefact(payload), exp]
    await database.execute(sql, values, 'oidc-grant-write')
  }

  async function destroy(id: string): Promise<void> {
    reads.note(keyOf(id), null)
    if (!isDurable(id)) return await store.delete(keyOf(id))
    const sql = 'delete from oidc_grants where tenant = $1 and id = $2'
    await database.execute(sql, [tenant, artefactHash(id)], 'oidc-grant-delete')
  }

  return {
    keyOf,
    destroy,
    async upsert(id, payload, expiresIn = 1) {
      if (isDurable(id)) await writeDurable(id, payload)
      else await store.set(keyOf(id), encodeArtefact(payload), Math.max(1, expiresIn))
      reads.note(keyOf(id), encodeArtefact(payload))
    },
    async find(id) {
      const stored = await (isDurable(id) ? readDurable(id) : reads.get(keyOf(id)))
      return stored === null ? undefined : decodeArtefact(stored, id)
    },
    consume: () => Promise.resolve(),
    findByUid: () => Promise.resolve(undefined),
    findByUserCode: () => Promise.resolve(undefined),
    revokeByGrantId: () => Promise.resolve(),
  }
}
