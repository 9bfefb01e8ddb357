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
  const { tenant, segment: number, firstSeq, seq, hash } = head
  const [bounds] = await tx.query(boundsRow, boundsSql, [tenant, firstSeq, seq])
  if (bounds === undefined) throw new Error(`The audit trail of ${tenant} lacks event ${firstSeq}`)
  const { prev: firstPrev, newest } = bounds
  const span = { tenant, segment: number, firstSeq, lastSeq: seq, firstPrev, lastHash: hash }
  const mac = segmentMac(sealer, { ...span, closedAt: now, newest })
  await tx.execute(insertSql, [tenant, number, firstSeq, seq, firstPrev, hash, now, newest, mac])
  const next = { ...head, segment: number + 1, firstSeq: seq + 1, openedAt: now }
  await tx.execute(moveSql, [tenant, next.segment, next.firstSeq, now, headMac(sealer, next)])
  return next
}

const boundsRow = z.object({ prev: z.string(), newest: z.string() })

const boundsSql = `select first.entry ->> 'prev' as prev,
    (select max(time) from audit_events where tenant = $1 and seq between $2 and $3) as newest
  from audit_events first where tenant = $1 and seq = $2`

const insertSql = `insert into audit_segments
    (tenant, segment, first_seq, last_seq, first_prev, last_hash, closed_at, newest, mac)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`

const moveSql =
  'update audit_heads set segment = $2, first_seq = $3, opened_at = $4, mac = $5 where tenant = $1'
