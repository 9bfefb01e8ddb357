import { Problem } from '../../src/problems/problem.ts'
import type { Run, RunRequest } from '../../src/store/sync-runs.ts'
import type { SyncConsole } from './console.ts'

/** Has a worker do a run. Throws Problem `sync-under-way` while another of the task is, `store-unavailable`. */
export async function queueRun(
  { runs, jobs, clock }: Pick<SyncConsole, 'runs' | 'jobs' | 'clock'>,
  request: RunRequest,
): Promise<Run> {
  const { tenant, task } = request
  if ((await runs.underWay(tenant, task)) !== null) throw new Problem('sync-under-way')
  const run = await runs.request(request, clock())
  try {
    await jobs.send('sync.run', { tenant, run: run.id })
  } catch (error) {
    // Nobody would ever work on it.
    const failure = { code: 'store-unavailable', detail: '' }
    await runs.advance(run.id, ['queued'], 'failed', clock(), { failure })
    throw error
  }
  return run
}
