import { z } from 'zod'
import type { Frozen } from '../../src/store/sync-freeze.ts'
import type { Run } from '../../src/store/sync-runs.ts'
import { runKinds, runStates } from '../../src/store/sync-terms.ts'
import { nextRun, type TaskInfo } from './configured-tasks.ts'

const instant = z.iso.datetime()

export const frozenSchema = z
  .object({ by: z.string(), at: instant, reason: z.string() })
  .nullable()
  .describe('While the tenant is frozen no run writes. Null: it is not.')
  .meta({ id: 'SyncFreeze' })

export function frozenDocument(frozen: Frozen | null): z.infer<typeof frozenSchema> {
  return frozen === null ? null : { ...frozen, at: frozen.at.toISOString() }
}

const perKind = z.object({
  create: z.int(),
  update: z.int(),
  rename: z.int(),
  delete: z.int(),
  disable: z.int(),
  enable: z.int(),
})

/** A run as the API shows it. */
export const runSchema = z
  .object({
    id: z.uuid(),
    task: z.string(),
    kind: z.enum(runKinds),
    state: z.enum(runStates).describe('`planned`: a preview; `held`: by a guard. Both wait for an approval.'),
    preview: z.boolean(),
    only: z.object({ attribute: z.string(), value: z.string() }).nullable(),
    requestedBy: z.string().describe('`schedule`, `command`, a login or the id of a client.'),
    requestedAt: instant,
    startedAt: instant.nullable(),
    endedAt: instant.nullable(),
    counts: z.object({
      source: z.int().describe('Records read.'),
      destination: z.int().describe('Records read.'),
      unchanged: z.int(),
      planned: perKind,
      done: perKind,
      failed: z.int(),
      conflicts: z.int().describe('Left alone: somebody had changed the entry meanwhile.'),
      findings: z.record(z.string(), z.int()).describe('By kind.'),
    }),
    guards: z
      .array(z.object({ guard: z.string(), count: z.number(), limit: z.number() }))
      .describe('Why it is held.'),
    approvedBy: z.string().nullable(),
    undoes: z.uuid().nullable(),
    undoneBy: z.string().nullable().describe('The run that undid it.'),
    failure: z.object({ code: z.string(), detail: z.string() }).nullable(),
  })
  .meta({ id: 'SyncRun' })

export function runDocument({ tenant: _, heartbeatAt: __, ...run }: Run): z.infer<typeof runSchema> {
  return {
    ...run,
    requestedAt: run.requestedAt.toISOString(),
    startedAt: run.startedAt?.toISOString() ?? null,
    endedAt: run.endedAt?.toISOString() ?? null,
    guards: [...run.guards],
    counts: { ...run.counts, findings: { ...run.counts.findings } },
  }
}

export const taskSchema = z
  .object({
    name: z.string(),
    description: z.string().nullable(),
    source: z.string().describe('Directory or connection, and what of it.'),
    destination: z.string(),
    schedule: z.object({ cron: z.string(), timeZone: z.string(), next: instant }).nullable(),
    follows: z.boolean().describe('Changes of the source are applied as they happen.'),
    running: z
      .object({ on: z.string().describe('Host and process.'), run: z.uuid().nullable() })
      .nullable()
      .describe('Who works on it now.'),
    lastRun: runSchema.nullable(),
    held: runSchema.nullable().describe('The newest run that waits for somebody to look at it.'),
  })
  .meta({ id: 'SyncTask' })

export type TaskState = {
  info: TaskInfo
  last: Run | null
  underWay: Run | null
  held: Run | null
  holder: string | null
}

export function taskDocument(
  { info, last, underWay, held, holder }: TaskState,
  now: Date,
): z.infer<typeof taskSchema> {
  const { name, description, source, destination, schedule, follows } = info
  const next = nextRun(info, now)
  return {
    name,
    description,
    source,
    destination,
    follows,
    schedule: schedule === null || next === null ? null : { ...schedule, next: next.toISOString() },
    running: holder === null ? null : { on: holder, run: underWay?.id ?? null },
    lastRun: last === null ? null : runDocument(last),
    held: held === null ? null : runDocument(held),
  }
}
