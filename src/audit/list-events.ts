import { z } from 'zod'
import type { Database } from '../store/postgres.ts'
import type { Sealer } from '../store/seal.ts'
import { entrySchema } from './entry.ts'
import type { AuditAction, AuditPerson } from './event.ts'
import { openEntry, readKeys, type ListedEvent } from './open-entry.ts'
import type { People } from './people.ts'

export type AuditQuery = {
  limit: number
  /** `next` of the page before. */
  after?: string
  action?: AuditAction
  /** Events that this person did or that were done to them. */
  person?: Pick<AuditPerson, 'directory' | 'id'>
  from?: Date
  to?: Date
}

export type AuditPage = { items: ListedEvent[]; next: string | null }

type Tools = { database: Database; sealer: Sealer; people: People }

/** The events of a tenant, newest first. A person who is not in the trail has none. */
export async function listEvents(
  { database, sealer, people }: Tools,
  tenant: string,
  query: AuditQuery,
): Promise<AuditPage> {
  const { limit, after = null, action = null, from = null, to = null } = query
  let person: string | null = null
  if (query.person !== undefined) {
    person = (await people.lookUp(tenant, query.person)) ?? null
    if (person === null) return { items: [], next: null }
  }
  const values = [tenant, after, action, from?.toISOString() ?? null, to?.toISOString() ?? null, limit + 1]
  const rows = await database.query(
    entryRow,
    person === null ? listSql('true') : listSql('(actor_person = $7 or target_person = $7)'),
    person === null ? values : [...values, person],
  )
  const page = rows.slice(0, limit).map(({ entry }) => entry)
  const keys = await readKeys(database, sealer, tenant, page)
  return {
    items: page.map((entry) => openEntry(sealer, keys, entry)),
    next: rows.length > limit ? String(page.at(-1)?.seq) : null,
  }
}

const entryRow = z.object({ entry: entrySchema })

const listSql = (person: string): string => `select entry from audit_events
  where tenant = $1 and ($2::bigint is null or seq < $2) and ($3::text is null or action = $3)
    and ($4::text is null or time >= $4) and ($5::text is null or time < $5) and ${person}
  order by seq desc limit $6`
