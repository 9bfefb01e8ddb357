import { z } from 'zod'
import type { Run } from './sync-runs.ts'
import { guards, runKinds, runStates } from './sync-terms.ts'

// Runs of an older version did not know of every kind.
const count = z.number().default(0)

const perKind = z.object({
  create: count,
  update: count,
  rename: count,
  delete: count,
  disable: count,
  enable: count,
})

const counts = z.object({
  source: z.number(),
  destination: z.number(),
  unchanged: z.number(),
  planned: perKind,
  done: perKind,
  failed: z.number(),
  conflicts: z.number(),
  findings: z.record(z.string(), z.number()),
})

const guard = z.object({
  guard: z.enum(guards),
  count: z.number(),
  limit: z.number(),
})

const state = z.enum(runStates)

const columns = z.object({
  id: z.string(),
  tenant: z.string(),
  task: z.string(),
  kind: z.enum(runKinds),
  state,
  preview: z.boolean(),
  requested_by: z.string(),
  only_attribute: z.string().nullable(),
  only_value: z.string().nullable(),
  undoes: z.string().nullable(),
  requested_at: z.date(),
  started_at: z.date().nullable(),
  ended_at: z.date().nullable(),
  heartbeat_at: z.date().nullable(),
  counts,
  guards: z.array(guard),
  approved_by: z.string().nullable(),
  undone_by: z.string().nullable(),
  failure_code: z.string().nullable(),
  failure_detail: z.string().nullable(),
})

/** A row of `sync_runs` as the run it is. */
export const runRow = columns.transform((row): Run => ({
  id: row.id,
  tenant: row.tenant,
  task: row.task,
  kind: row.kind,
  state: row.state,
  preview: row.preview,
  requestedBy: row.requested_by,
  only: row.only_attribute === null ? null : { attribute: row.only_attribute, value: row.only_value ?? '' },
  undoes: row.undoes,
  requestedAt: row.requested_at,
  startedAt: row.started_at,
  endedAt: row.ended_at,
  heartbeatAt: row.heartbeat_at,
  counts: row.counts,
  guards: row.guards,
  approvedBy: row.approved_by,
  undoneBy: row.undone_by,
  failure: row.failure_code === null ? null : { code: row.failure_code, detail: row.failure_detail ?? '' },
}))

export const stateRow = z.object({ state })
export const sourceCountRow = z.object({ source: z.number() })
