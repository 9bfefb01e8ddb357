import type { Finding } from '../plan/change.ts'
import type { TaskAtWork } from './prepare-task.ts'
import type { LastAct } from './sync-services.ts'

/** Accounts of a run that are looked up in the audit trail: whoever reads the list looks at the first ones. */
const MOST = 200

/** Adds to what was kept for the service desk who has set it, and when. */
export function keptTeller({
  task,
  services,
}: Pick<TaskAtWork, 'task' | 'services'>): (findings: readonly Finding[]) => Promise<readonly Finding[]> {
  const acts = new Map<string, Promise<LastAct | null>>()
  /** Several attributes of one account are one question. */
  const lastAct = (id: string): Promise<LastAct | null> => {
    const known = acts.get(id)
    if (known !== undefined || acts.size >= MOST) return known ?? Promise.resolve(null)
    const asked = services.lastAct(task, id)
    acts.set(id, asked)
    return asked
  }
  return async (findings) => {
    if (!findings.some(({ kind }) => kind === 'kept')) return findings
    return await Promise.all(
      findings.map(async (finding) => {
        if (finding.kind !== 'kept') return finding
        const act = await lastAct(finding.id)
        return act === null ? finding : { ...finding, by: act.by, at: act.at.toISOString() }
      }),
    )
  }
}
