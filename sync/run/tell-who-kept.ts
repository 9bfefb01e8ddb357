import type { Finding } from '../plan/change.ts'
import type { TaskAtWork } from './prepare-task.ts'

/** Accounts of a run that are looked up in the audit trail: whoever reads the list looks at the first ones. */
const MOST = 200

/** Adds to what was kept for the service desk who has set it, and when. */
export function keptTeller({
  task,
  services,
}: Pick<TaskAtWork, 'task' | 'services'>): (findings: readonly Finding[]) => Promise<readonly Finding[]> {
  let asked = 0
  return async (findings) => {
    if (!findings.some(({ kind }) => kind === 'kept')) return findings
    return await Promise.all(
      findings.map(async (finding) => {
        if (finding.kind !== 'kept' || ++asked > MOST) return finding
        const act = await services.lastAct(task, finding.id)
        return act === null ? finding : { ...finding, by: act.by, at: act.at.toISOString() }
      }),
    )
  }
}
