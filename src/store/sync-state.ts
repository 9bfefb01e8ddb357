import { z } from 'zod'
import type { Database } from './postgres.ts'

/** What a task remembers between runs. */
export interface SyncState {
  token(tenant: string, task: string): Promise<string | null>
  setToken(tenant: string, task: string, token: string | null, now: Date): Promise<void>
  /** Which record of the destination is which of the source: renames and deletes arrive by it. */
  identities(
    tenant: string,
    task: string,
    sourceIds: readonly string[],
  ): Promise<ReadonlyMap<string, Identity>>
  /** All identities that have one of these records of the destination. */
  identitiesOf(tenant: string, task: string, destinationIds: readonly string[]): Promise<readonly Identity[]>
  countIdentities(tenant: string, task: string): Promise<number>
  setIdentities(tenant: string, task: string, identities: readonly Identity[]): Promise<void>
  removeIdentities(tenant: string, task: string, sourceIds: readonly string[]): Promise<void>
  /** Ids of the source that are not among these: what a full refresh did not name. */
  allSourceIds(tenant: string, task: string): AsyncIterable<string>
  /** Soft deletes: since when each record of the destination is gone from the source. */
  departures(tenant: string, task: string): Promise<ReadonlyMap<string, Date>>
  setDepartures(tenant: string, task: string, destinationIds: readonly string[], now: Date): Promise<void>
  removeDepartures(tenant: string, task: string, destinationIds: readonly string[]): Promise<void>
}
export type Identity = {
  readonly sourceId: string
  readonly sourceName: string
  readonly destinationId: string
  readonly key: string
}

/** Ids that are read at a time. */
const PAGE = 5_000

/** What all tasks remember, in PostgreSQL. */
export function createSyncState(database: Database): SyncState {
  return {
    async token(tenant, task) {
      const [row] = await database.query(tokenRow, tokenSql, [tenant, task])
      return row?.token ?? null
    },
    async setToken(tenant, task, token, now) {
      if (token === null) await database.execute(forgetTokenSql, [tenant, task])
      else await database.execute(setTokenSql, [tenant, task, token, now])
    },
    async identities(tenant, task, sourceIds) {
      const rows = await database.query(identityRow, identitiesSql, [tenant, task, sourceIds])
      return new Map(rows.map((identity) => [identity.sourceId, identity]))
    },
    identitiesOf: async (tenant, task, destinationIds) =>
      await database.query(identityRow, identitiesOfSql, [tenant, task, destinationIds]),
    async countIdentities(tenant, task) {
      const [row] = await database.query(countRow, countIdentitiesSql, [tenant, task])
      return row?.count ?? 0
    },
    async setIdentities(tenant, task, identities) {
      // PostgreSQL refuses to write a row twice in one statement.
      const each = [...new Map(identities.map((identity) => [identity.sourceId, identity])).values()]
      if (each.length === 0) return
      await database.execute(setIdentitiesSql, [
        tenant,
        task,
        each.map(({ sourceId }) => sourceId),
        each.map(({ sourceName }) => sourceName),
        each.map(({ destinationId }) => destinationId),
        each.map(({ key }) => key),
      ])
    },
    async removeIdentities(tenant, task, sourceIds) {
      await database.execute(removeIdentitiesSql, [tenant, task, sourceIds])
    },
    allSourceIds: (tenant, task) => allSourceIds(database, tenant, task),
    async departures(tenant, task) {
      const rows = await database.query(departureRow, departuresSql, [tenant, task])
      return new Map(rows.map(({ id, since }) => [id, since]))
    },
    async setDepartures(tenant, task, destinationIds, now) {
      await database.execute(setDeparturesSql, [tenant, task, destinationIds, now])
    },
    async removeDepartures(tenant, task, destinationIds) {
      await database.execute(removeDeparturesSql, [tenant, task, destinationIds])
    },
  }
}

async function* allSourceIds(database: Database, tenant: string, task: string): AsyncGenerator<string> {
  let after = ''
  while (true) {
    const rows = await database.query(idRow, sourceIdsSql, [tenant, task, after, PAGE])
    for (const { id } of rows) yield id
    const last = rows.at(-1)
    if (rows.length < PAGE || last === undefined) return
    after = last.id
  }
}

const tokenRow = z.object({ token: z.string() })
const idRow = z.object({ id: z.string() })
const departureRow = z.object({ id: z.string(), since: z.date() })
const identityRow = z.object({
  sourceId: z.string(),
  sourceName: z.string(),
  destinationId: z.string(),
  key: z.string(),
})

const countRow = z.object({ count: z.coerce.number() })

const countIdentitiesSql = 'select count(*) from sync_identities where tenant = $1 and task = $2'

const tokenSql = 'select token from sync_tokens where tenant = $1 and task = $2'

const forgetTokenSql = 'delete from sync_tokens where tenant = $1 and task = $2'

const setTokenSql = `insert into sync_tokens (tenant, task, token, updated_at) values ($1, $2, $3, $4)
  on conflict (tenant, task) do update set token = excluded.token, updated_at = excluded.updated_at`

const identityColumns =
  'source_id as "sourceId", source_name as "sourceName", destination_id as "destinationId", key'

const identitiesSql = `select ${identityColumns} from sync_identities
  where tenant = $1 and task = $2 and source_id = any($3)`

const identitiesOfSql = `select ${identityColumns} from sync_identities
  where tenant = $1 and task = $2 and destination_id = any($3)`

// What is known already is not written again: of a million identities a run changes few.
const setIdentitiesSql = `insert into sync_identities as known (tenant, task, source_id, source_name, destination_id, key)
  select $1, $2, u.* from unnest($3::text[], $4::text[], $5::text[], $6::text[]) u (source_id, source_name, destination_id, key)
  where not exists (select from sync_identities same where same.tenant = $1 and same.task = $2 and same.source_id = u.source_id
    and (same.source_name, same.destination_id, same.key) = (u.source_name, u.destination_id, u.key))
  on conflict (tenant, task, source_id) do update set source_name = excluded.source_name,
    destination_id = excluded.destination_id, key = excluded.key`

const removeIdentitiesSql =
  'delete from sync_identities where tenant = $1 and task = $2 and source_id = any($3)'

const sourceIdsSql = `select source_id as id from sync_identities where tenant = $1 and task = $2 and source_id > $3
  order by source_id limit $4`

const departuresSql =
  'select destination_id as id, since from sync_departures where tenant = $1 and task = $2'

// Who is gone already is gone since then.
const setDeparturesSql = `insert into sync_departures (tenant, task, destination_id, since)
  select $1, $2, id, $4 from unnest($3::text[]) id on conflict (tenant, task, destination_id) do nothing`

const removeDeparturesSql =
  'delete from sync_departures where tenant = $1 and task = $2 and destination_id = any($3)'
