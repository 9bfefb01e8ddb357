import { auditedAct } from './audited-act.ts'
import type { Audit } from './create-audit.ts'
import type { AuditEvent } from './event.ts'

/** The audit as acts on accounts use it. */
export interface Trail {
  /** Writes an event; what it tells of must not be done when this throws. */
  record(event: AuditEvent): Promise<unknown>
  /** Does an act between its `attempted` and its outcome (`auditedAct`). */
  act<T>(event: Omit<AuditEvent, 'result' | 'time'>, act: () => Promise<T>): Promise<T>
}

/** `onLost` is told of an outcome that could not be written after its act was done. */
export function createTrail(
  audit: Pick<Audit, 'record'>,
  options: { clock: () => Date; onLost: (event: AuditEvent, error: unknown) => void },
): Trail {
  return {
    record: (event) => audit.record(event),
    act: (event, act) => auditedAct(audit, event, act, options),
  }
}
