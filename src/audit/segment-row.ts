import { z } from 'zod'

/** A row of audit_segments. `mac` and `purgeMac` are to be checked. */
export const segmentRow = z
  .object({
    tenant: z.string(),
    segment: z.number(),
    first_seq: z.coerce.number(),
    last_seq: z.coerce.number(),
    first_prev: z.string(),
    last_hash: z.string(),
    closed_at: z.date(),
    newest: z.string(),
    mac: z.string(),
    purge_mac: z.string().nullable(),
  })
  .transform((row) => ({
    segment: {
      tenant: row.tenant,
      segment: row.segment,
      firstSeq: row.first_seq,
      lastSeq: row.last_seq,
      firstPrev: row.first_prev,
      lastHash: row.last_hash,
      closedAt: row.closed_at,
      newest: row.newest,
    },
    mac: row.mac,
    purgeMac: row.purge_mac,
  }))
