import type { SyncConfig } from '../../src/config/sync-schema.ts'
import type { Jobs } from '../../src/jobs/start-jobs.ts'
import type { Run } from '../../src/store/sync-runs.ts'
import { needsAttention } from './webhook-document.ts'

/** Queues a call for each webhook that wants to know of such a run. A worker makes it, and tries again while the other side is away. */
export async function queueWebhooks(
  run: Run,
  webhooks: SyncConfig['webhooks'],
  jobs: Pick<Jobs, 'send'>,
): Promise<void> {
  for (const { url, on } of webhooks)
    if (on === 'every' || needsAttention(run))
      await jobs.send('sync.webhook', { tenant: run.tenant, run: run.id, url })
}
