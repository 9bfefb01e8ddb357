import type { Database } from '../store/postgres.ts'
import type { Sealer } from '../store/seal.ts'
import { lockHead } from './audit-writer.ts'
import { isSegmentMac, purgeMac, type Head, type Segment } from './chain.ts'
import { closeSegment, isDue, type SegmentLimits } from './close-segment.ts'
import type { Audit } from './create-audit.ts'
import type { AuditEvent } from './event.ts'
import { segmentRow } from './segment-row.ts'

/** What is to go, and who says so. */
export type Purge = Pick<AuditEvent, 'tenant' | 'actor' | 'requestId' | 'address'> & { before: Date }

type Tools = {
  audit: Pick<Audit, 'record'>
  database: Database
  sealer: Sealer
  limits: SegmentLimits
  clock: () => Date
  onClosed: (head: Head) => void
}

/** See `Audit.purge`. */
export async function purgeSegments(
  { audit, database, sealer, limits, clock, onClosed }: Tools,
  { before, ...who }: Purge,
): Promise<number> {
  const { tenant } = who
  // A trail that nobody writes to any more must not keep its last segment for ever.
  const closed = await database.transaction(async (tx) => {
    const head = await lockHead(tx, sealer, tenant, clock())
    return isDue(head, limits, clock()) ? await closeSegment(tx, sealer, head, clock()) : undefined
  })
  if (closed !== undefined) onClosed(closed)
  const due = await database.query(segmentRow, dueSql, [tenant, before.toISOString()])
  if (due.length === 0) return 0
  for (const { segment, mac } of due) {
    if (!isSegmentMac(sealer, segment, mac))
      throw new Error(`Segment ${segment.segment} of the audit trail of ${tenant} is not ours`)
  }
  const event = { ...who, action: 'audit.purge', code: rangeOf(due.map(({ segment }) => segment)) } as const
  await audit.record({ ...event, time: clock(), result: 'attempted' })
  let removed = 0
  for (const { segment } of due) removed += await removeEvents(database, sealer, segment)
  await audit.record({ ...event, time: clock(), result: 'done' })
  return removed
}

async function removeEvents(database: Database, sealer: Sealer, segment: Segment): Promise<number> {
  const { tenant, firstSeq, lastSeq } = segment
  return await database.transaction(async (tx) => {
    await tx.execute('update audit_segments set purge_mac = $3 where tenant = $1 and segment = $2', [
      tenant,
      segment.segment,
      purgeMac(sealer, segment),
    ])
    return await tx.execute(removeSql, [tenant, firstSeq, lastSeq])
  })
}

function rangeOf(segments: readonly Segment[]): string {
  return `events ${segments[0]?.firstSeq}-${segments.at(-1)?.lastSeq}`
}

const dueSql = `select * from audit_segments where tenant = $1 and purge_mac is null and newest < $2 order by segment`

const removeSql = 'delete from audit_events where tenant = $1 and seq between $2 and $3'
