import { z } from 'zod'
import type { Queries } from '../store/postgres.ts'
import type { Sealer } from '../store/seal.ts'
import { headMac, segmentMac, type Head } from './chain.ts'

/** A segment is closed when it has so many events or is so old (ms). What is purged is whole segments, so this is how finely. */
export type SegmentLimits = { events: number; age: number }

export const defaultLimits: SegmentLimits = { events: 50_000, age: 24 * 60 * 60 * 1000 }

export function isDue(head: Head, limits: SegmentLimits, now: Date): boolean {
  const events = head.seq - head.firstSeq + 1
  return events >= limits.events || (events > 0 && now.getTime() - head.openedAt.getTime() >= limits.age)
}

/** Closes the open segment of a locked head and opens the next; returns the head as it then is. */
export async function closeSegment(tx: Queries, sealer: Sealer, head: Head, now: Date): Promise<Head> {
  const firstPrev = await previousHash(tx, head)
  const segment = { ...head, lastSeq: head.seq, firstPrev, lastHash: head.hash, closedAt: now }
  const mac = segmentMac(sealer, segment)
  const { tenant, segment: number, firstSeq, seq, hash } = head
  await tx.execute(insertSql, [tenant, number, firstSeq, seq, firstPrev, hash, now, mac])
  const next = { ...head, segment: head.segment + 1, firstSeq: head.seq + 1, openedAt: now }
  await tx.execute(moveSql, [next.tenant, next.segment, next.firstSeq, now, headMac(sealer, next)])
  return next
}

async function previousHash(tx: Queries, { tenant, firstSeq }: Head): Promise<string> {
  const [first] = await tx.query(
    firstEntry,
    `select entry ->> 'prev' as prev from audit_events where tenant = $1 and seq = $2`,
    [tenant, firstSeq],
  )
  if (first === undefined) throw new Error(`The audit trail of ${tenant} lacks event ${firstSeq}`)
  return first.prev
}

const firstEntry = z.object({ prev: z.string() })

const insertSql = `insert into audit_segments (tenant, segment, first_seq, last_seq, first_prev, last_hash, closed_at, mac)
  values ($1, $2, $3, $4, $5, $6, $7, $8)`

const moveSql =
  'update audit_heads set segment = $2, first_seq = $3, opened_at = $4, mac = $5 where tenant = $1'
