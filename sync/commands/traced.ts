import type { AuditAction, AuditParty } from '../../src/audit/event.ts'
import type { Work } from './command-host.ts'

/** Does an act of the operator between its two entries of the audit trail. */
export function traced<T>(
  { trail, tenant, operator }: Work,
  event: { action: AuditAction; target?: AuditParty; reason?: string },
  act: () => Promise<T>,
): Promise<T> {
  return trail.act(
    { ...event, tenant: tenant.name, actor: { kind: 'system', id: `command:${operator}` } },
    act,
  )
}
