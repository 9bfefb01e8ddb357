import type { Audit } from '../../src/audit/create-audit.ts'
import type { AuditAction } from '../../src/audit/event.ts'
import type { Task } from '../task/task.ts'
import type { LastAct } from './sync-services.ts'

const acts: ReadonlySet<AuditAction> = new Set([
  'account.disable',
  'account.enable',
  'account.lock',
  'account.unlock',
  'account.validity',
])
/** Events that are looked at: sign-ins of the person are among them. */
const EVENTS = 100

/** From the audit trail. Only accounts of the tenant's own directories are in it. */
export async function lastActIn(
  audit: Pick<Audit, 'list'>,
  { tenant, destination: { to } }: Task,
  id: string,
): Promise<LastAct | null> {
  if (!('directory' in to)) return null
  const { items } = await audit.list(tenant, { person: { directory: to.directory, id }, limit: EVENTS })
  const act = items.find(
    ({ action, result, target }) =>
      acts.has(action) && result === 'done' && target?.kind === 'person' && target.id === id,
  )
  if (act === undefined) return null
  const { actor, time } = act
  if (actor.kind === 'anonymous') return null
  return { by: (actor.kind === 'person' ? actor.login : actor.id) ?? actor.kind, at: time }
}
