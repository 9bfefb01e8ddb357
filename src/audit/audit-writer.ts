import { z } from 'zod'
import type { Database, Queries } from '../store/postgres.ts'
import type { Sealer } from '../store/seal.ts'
import { extendChain, firstHead, headMac, isHeadMac, type Head } from './chain.ts'
import { closeSegment, isDue, type SegmentLimits } from './close-segment.ts'
import type { Facts } from './entry.ts'

export type AuditWriterOptions = {
  database: Database
  sealer: Sealer
  limits: SegmentLimits
  clock: () => Date
  onClosed: (head: Head) => void
}

/**
 * Appends to the chain of one tenant. It remembers where the chain ended: as long as no other replica writes, one statement is enough.
 * Otherwise it locks the head's row first. Either way the head moves in the transaction of the insert.
 */
export function createAuditWriter(
  tenant: string,
  { database, sealer, limits, clock, onClosed }: AuditWriterOptions,
): (events: readonly Facts[]) => Promise<number> {
  let remembered: Head | undefined

  /** Returns the number of the first of `events`. */
  return async (events) => {
    const head = remembered
    remembered = undefined // until we know how it ended
    if (head !== undefined && !isDue(head, limits, clock())) {
      const extended = extendChain(head, events)
      if (await append(database, sealer, head, extended)) {
        remembered = extended.head
        return head.seq + 1
      }
    }
    const [locked, moved] = await database.transaction(async (tx) => {
      const found = await lockHead(tx, sealer, tenant, clock())
      const open = isDue(found, limits, clock()) ? await closeSegment(tx, sealer, found, clock()) : found
      const extended = extendChain(open, events)
      if (!(await append(tx, sealer, open, extended)))
        throw new Error('the head moved although it was locked')
      return [open, extended.head]
    })
    if (locked.seq > 0 && locked.firstSeq === locked.seq + 1) onClosed(locked)
    remembered = moved
    return locked.seq + 1
  }
}

const headRow = z
  .object({
    tenant: z.string(),
    segment: z.number(),
    first_seq: z.coerce.number(),
    opened_at: z.date(),
    seq: z.coerce.number(),
    hash: z.string(),
    mac: z.string(),
  })
  .transform(({ first_seq, opened_at, mac, ...head }) => ({
    head: { ...head, firstSeq: first_seq, openedAt: opened_at },
    mac,
  }))

/** Where the chain ends, without waiting for anyone; undefined when nothing was ever written. `mac` is to be checked. */
export async function readHead(
  queries: Queries,
  tenant: string,
): Promise<{ head: Head; mac: string } | undefined> {
  const [found] = await queries.query(headRow, 'select * from audit_heads where tenant = $1', [tenant])
  return found
}

/** Takes the tenant's chain for the rest of the transaction. Throws when the head was tampered with: nothing good may follow it. */
export async function lockHead(tx: Queries, sealer: Sealer, tenant: string, now: Date): Promise<Head> {
  const first = firstHead(tenant, now)
  const values = [
    tenant,
    first.segment,
    first.firstSeq,
    first.openedAt,
    first.seq,
    first.hash,
    headMac(sealer, first),
  ]
  await tx.execute(insertHeadSql, values)
  const [found] = await tx.query(headRow, 'select * from audit_heads where tenant = $1 for update', [tenant])
  if (found === undefined || !isHeadMac(sealer, found.head, found.mac)) {
    throw new Error(`The head of the audit trail of ${tenant} is not ours`)
  }
  return found.head
}

async function append(
  queries: Queries,
  sealer: Sealer,
  from: Head,
  { entries, head }: { entries: string[]; head: Head },
): Promise<boolean> {
  const values = [from.tenant, from.segment, from.seq, from.hash, head.seq, head.hash, headMac(sealer, head)]
  const inserted = await queries.execute(appendSql, [...values, JSON.stringify(entries)], 'audit-append')
  return inserted === entries.length
}

const insertHeadSql = `insert into audit_heads (tenant, segment, first_seq, opened_at, seq, hash, mac)
  values ($1, $2, $3, $4, $5, $6, $7) on conflict (tenant) do nothing`

// When the head is not where we left it, `moved` is empty and nothing is inserted.
const appendSql = `with moved as (
    update audit_heads set seq = $5, hash = $6, mac = $7
    where tenant = $1 and segment = $2 and seq = $3 and hash = $4 returning tenant
  )
  insert into audit_events (tenant, seq, entry)
  select moved.tenant, $3::bigint + position, entry::json
  from moved, json_array_elements_text($8::json) with ordinality as entries (entry, position)`
