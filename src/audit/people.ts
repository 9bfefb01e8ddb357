import { createSecretKey, randomBytes, randomUUID, type KeyObject } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import { encrypt } from '../store/aead.ts'
import type { Database } from '../store/postgres.ts'
import type { Sealer } from '../store/seal.ts'
import type { AuditPerson } from './event.ts'

/** A person in the trail. `who` is the person's identity, encrypted under `key`. */
export type KnownPerson = { person: string; key: KeyObject; login: string; who: string }

export interface People {
  /** The pseudonym and key of each of `wanted`, made when a person is new. */
  find(tenant: string, wanted: readonly AuditPerson[]): Promise<ReadonlyMap<AuditPerson, KnownPerson>>
  /** The pseudonym that a person has, if any. */
  lookUp(tenant: string, person: Pick<AuditPerson, 'directory' | 'id'>): Promise<string | undefined>
  /** Destroys the person's key and the way to find the pseudonym. Returns the pseudonym, undefined when there is none. */
  destroy(
    tenant: string,
    person: Pick<AuditPerson, 'directory' | 'id'>,
    now: Date,
  ): Promise<string | undefined>
}

/** A key stays this long in the memory of other replicas after it was destroyed, ms. */
const keyMemory = 60_000

const row = z.object({ lookup: z.string(), person: z.string(), sealed_key: z.string() })

export function createPeople(database: Database, sealer: Sealer): People {
  const known = new LRUCache<string, KnownPerson>({ max: 10_000, ttl: keyMemory })
  const lookups = (tenant: string, { directory, id }: Pick<AuditPerson, 'directory' | 'id'>): string[] =>
    sealer.macs('audit', JSON.stringify(['person', tenant, directory, id]))

  const remember = (
    tenant: string,
    asked: AuditPerson,
    { person, sealed_key }: z.infer<typeof row>,
  ): KnownPerson => {
    const key = createSecretKey(sealer.open('audit', ['person', tenant, person], sealed_key))
    const { directory, id, login } = asked
    const who = encrypt(key, ['who', tenant, person], Buffer.from(JSON.stringify({ directory, id, login })))
    const found = { person, key, login, who: who.toString('base64') }
    known.set(cacheKey(tenant, asked), found)
    return found
  }

  return {
    async find(tenant, wanted) {
      const found = new Map<AuditPerson, KnownPerson>()
      const asked = new Map<AuditPerson, string[]>()
      for (const person of wanted) {
        const cached = known.get(cacheKey(tenant, person))
        // After a rename the identity is encrypted again: an event has the login of its time.
        if (cached?.login === person.login) found.set(person, cached)
        else asked.set(person, lookups(tenant, person))
      }
      if (asked.size === 0) return found
      const rows = await findOrAdd(database, sealer, tenant, [...asked.values()])
      for (const [person, possible] of asked) {
        const match = rows.find(({ lookup }) => possible.includes(lookup))
        // Forgotten between the two statements: the next try makes a new pseudonym.
        if (match === undefined)
          throw new Error('a person was forgotten while an event about them was written')
        found.set(person, remember(tenant, person, match))
      }
      return found
    },
    async lookUp(tenant, person) {
      const sql = 'select person from audit_people where tenant = $1 and lookup = any($2)'
      const [found] = await database.query(z.object({ person: z.string() }), sql, [
        tenant,
        lookups(tenant, person),
      ])
      return found?.person
    },
    async destroy(tenant, person, now) {
      known.delete(cacheKey(tenant, person))
      const [gone] = await database.query(z.object({ person: z.string() }), destroySql, [
        tenant,
        lookups(tenant, person),
        now,
      ])
      return gone?.person
    },
  }
}

function cacheKey(tenant: string, { directory, id }: Pick<AuditPerson, 'directory' | 'id'>): string {
  return `${tenant}\n${directory}\n${id}`
}

async function findOrAdd(
  database: Database,
  sealer: Sealer,
  tenant: string,
  asked: string[][],
): Promise<z.infer<typeof row>[]> {
  const found = await database.query(row, findSql, [tenant, asked.flat()], 'audit-people-find')
  const has = new Set(found.map(({ lookup }) => lookup))
  const lacking = asked.filter((lookups) => lookups.every((lookup) => !has.has(lookup)))
  if (lacking.length === 0) return found
  // Sorted: two replicas that add the same people in another order would wait for each other.
  const newest = new Set(lacking.flatMap(([lookup]) => lookup ?? []))
  const added = [...newest].toSorted().map((lookup) => {
    const person = randomUUID()
    return { lookup, person, sealed_key: sealer.seal('audit', ['person', tenant, person], randomBytes(32)) }
  })
  return [
    ...found,
    ...(await database.query(row, addSql, [tenant, JSON.stringify(added)], 'audit-people-add')),
  ]
}

const findSql = 'select lookup, person, sealed_key from audit_people where tenant = $1 and lookup = any($2)'

// `do update` and not `do nothing`: it also returns the row of whoever was faster.
const addSql = `insert into audit_people (tenant, lookup, person, sealed_key)
  select $1, lookup, person, sealed_key from json_to_recordset($2::json) as new (lookup text, person uuid, sealed_key text)
  on conflict (tenant, lookup) do update set lookup = excluded.lookup
  returning lookup, person, sealed_key`

const destroySql = `update audit_people set sealed_key = null, lookup = null, forgotten_at = $3
  where tenant = $1 and lookup = any($2) returning person`
