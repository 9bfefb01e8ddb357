import { z } from 'zod'
import type { JournalRow } from './sync-journal.ts'
import { changeKinds, changeStates } from './sync-terms.ts'

const value = z.union([z.string(), z.object({ binary: z.string() }), z.object({ secret: z.number() })])
const values = z.array(value)
const attributes = z.record(z.string(), values)
const kind = z.enum(changeKinds)
const state = z.enum(changeStates)

const change = z.object({
  kind,
  name: z.string(),
  attributes: attributes.exactOptional(),
  modifications: z
    .array(z.object({ operation: z.enum(['add', 'delete', 'replace']), attribute: z.string(), values }))
    .exactOptional(),
  to: z.string().exactOptional(),
  subtree: z.boolean().exactOptional(),
})

const columns = z.object({
  seq: z.number(),
  stage: z.number(),
  attempts: z.number(),
  kind,
  state,
  name: z.string(),
  key: z.string(),
  source_id: z.string().nullable(),
  source_name: z.string().nullable(),
  destination_id: z.string().nullable(),
  change,
  before: attributes,
  why: z.record(z.string(), z.object({ rule: z.string(), from: z.string().nullable() })),
  sealed: z.string().nullable(),
  error_code: z.string().nullable(),
  error_detail: z.string().nullable(),
})

/** A row of `sync_journal`. */
export const journalRow = columns.transform(
  ({ source_id, source_name, destination_id, error_code, error_detail, ...row }): JournalRow => ({
    ...row,
    sourceId: source_id,
    sourceName: source_name,
    destinationId: destination_id,
    error: error_code === null ? null : { code: error_code, detail: error_detail ?? '' },
  }),
)

export const journalCountRow = z.object({ kind, state, count: z.coerce.number() })

export const withdrawnRow = z.object({ kind, count: z.coerce.number() })

/** A row of `sync_findings`. */
export const findingRow = z.object({
  seq: z.coerce.number(),
  kind: z.string(),
  subject: z.string(),
  detail: z.record(z.string(), z.unknown()),
})
