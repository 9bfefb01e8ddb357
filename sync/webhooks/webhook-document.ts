import type { Run } from '../../src/store/sync-runs.ts'
import { hasEntryErrors } from '../run/entry-errors.ts'

/** Whether somebody should look at a run: it failed, waits for approval, was not complete, or left entries as they were. */
export function needsAttention(run: Pick<Run, 'state' | 'counts'>): boolean {
  return run.state !== 'done' || hasEntryErrors(run)
}

/** What a webhook is told of a run: figures and reasons, nothing of an entry. */
export function webhookDocument(run: Run, now: Date) {
  const { id, tenant, task, kind, state, requestedBy, startedAt, endedAt, counts, guards, failure } = run
  return {
    event: 'sync.run.ended',
    sentAt: now.toISOString(),
    attention: needsAttention(run),
    run: {
      id,
      tenant,
      task,
      kind,
      state,
      requestedBy,
      startedAt: startedAt?.toISOString() ?? null,
      endedAt: endedAt?.toISOString() ?? null,
      counts,
      guards,
      failure,
    },
  }
}
