import { z } from 'zod'
import type { Queries } from '../store/postgres.ts'

/** How long a tenant's open segment has taken events, in seconds: closed a day after it was opened by the event that comes then, so never for longer. */
export type OpenSegment = { readonly tenant: string; readonly seconds: number }

/** The open segments of these tenants, those of a tenant without any event left out. */
export async function readOpenSegments(queries: Queries, tenants: readonly string[]): Promise<OpenSegment[]> {
  return await queries.query(row, segmentsSql, [tenants])
}

const row = z.object({ tenant: z.string(), seconds: z.coerce.number() })

// Until the newest event, not until now: a segment in which nothing happens is closed by what happens next.
const segmentsSql = `select head.tenant,
    coalesce(greatest(0, extract(epoch from newest.time::timestamptz - head.opened_at)), 0) as seconds
  from audit_heads head
  left join audit_events newest on newest.tenant = head.tenant and newest.seq = head.seq and head.seq >= head.first_seq
  where head.tenant = any($1)`
