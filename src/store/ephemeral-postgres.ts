import { z } from 'zod'
import type { EphemeralStore } from './ephemeral.ts'
import type { Database } from './postgres.ts'

const purgeBatch = 1_000

/**
 * The ephemeral store in PostgreSQL. The database's clock decides what is over, so replicas need not agree on the time; what is over
 * is removed every `purgeInterval` ms, in small batches that block nobody.
 */
export function createPostgresStore(
  database: Database,
  {
    purgeInterval = 30_000,
    onError = () => {},
  }: { purgeInterval?: number; onError?: (error: Error) => void } = {},
): EphemeralStore {
  const timer = setInterval(() => void purgeExpired(database).catch(onError), purgeInterval)
  timer.unref()

  return {
    kind: 'postgres',
    async get(key) {
      const [row] = await database.query(valueRow, getSql, [key], 'ephemeral-get')
      return row?.value ?? null
    },
    async getMany(keys) {
      const rows = await database.query(keyValueRow, getManySql, [keys], 'ephemeral-get-many')
      const values = new Map(rows.map(({ key, value }) => [key, value]))
      return keys.map((key) => values.get(key) ?? null)
    },
    async set(key, value, ttl) {
      await database.execute(setSql, [key, value, ttl], 'ephemeral-set')
    },
    async take(key) {
      const [row] = await database.query(takenRow, takeSql, [key], 'ephemeral-take')
      return row?.live === true ? row.value : null
    },
    async compareAndSet(key, expected, value, ttl) {
      const changed =
        expected === null
          ? await database.execute(setAbsentSql, [key, value, ttl], 'ephemeral-set-absent')
          : await database.execute(replaceSql, [key, value, ttl, expected], 'ephemeral-replace')
      return changed === 1
    },
    async increment(key, ttl) {
      const [row] = await database.query(counterRow, incrementSql, [key, ttl], 'ephemeral-increment')
      if (row === undefined) throw new Error('insert returned nothing')
      return row
    },
    async delete(...keys) {
      await database.execute('delete from ephemeral where key = any($1)', [keys], 'ephemeral-delete')
    },
    ping: () => database.ping(),
    async close() {
      clearInterval(timer)
    },
  }
}

/** Removes what is over; returns how many entries. Replicas that do it at once share the work. */
export async function purgeExpired(database: Database): Promise<number> {
  let total = 0
  while (true) {
    const count = await database.execute(purgeSql, [purgeBatch])
    total += count
    if (count < purgeBatch) return total
  }
}

const valueRow = z.object({ value: z.string() })
const keyValueRow = z.object({ key: z.string(), value: z.string() })
const takenRow = z.object({ value: z.string(), live: z.boolean() })
const counterRow = z.object({ count: z.coerce.number(), ttl: z.coerce.number() })

const getSql = 'select value from ephemeral where key = $1 and expires_at > now()'

const getManySql = 'select key, value from ephemeral where key = any($1) and expires_at > now()'

const setSql = `insert into ephemeral (key, value, expires_at) values ($1, $2, now() + make_interval(secs => $3))
  on conflict (key) do update set value = excluded.value, expires_at = excluded.expires_at`

// Of several that delete one row, PostgreSQL gives it to one.
const takeSql = 'delete from ephemeral where key = $1 returning value, expires_at > now() as live'

const setAbsentSql = `${setSql} where ephemeral.expires_at <= now()`

const replaceSql = `update ephemeral set value = $2, expires_at = now() + make_interval(secs => $3)
  where key = $1 and value = $4 and expires_at > now()`

const incrementSql = `insert into ephemeral (key, value, expires_at) values ($1, '1', now() + make_interval(secs => $2))
  on conflict (key) do update set
    value = case when ephemeral.expires_at <= now() then '1' else (ephemeral.value::bigint + 1)::text end,
    expires_at = case when ephemeral.expires_at <= now() then excluded.expires_at else ephemeral.expires_at end
  returning value as count, ceil(extract(epoch from expires_at - now())) as ttl`

const purgeSql = `delete from ephemeral where key in
  (select key from ephemeral where expires_at <= now() limit $1 for update skip locked)`
