import { auditedAct } from './audited-act.ts'
import type { Audit } from './create-audit.ts'
import { createEventCounts, type EventCount } from './event-counts.ts'
import type { AuditEvent } from './event.ts'

/** The audit as acts on accounts use it. */
export interface Trail {
  /** Writes an event; what it tells of must not be done when this throws. */
  record(event: AuditEvent): Promise<unknown>
  /** Does an act between its `attempted` and its outcome (`auditedAct`). */
  act<T>(event: Omit<AuditEvent, 'result' | 'time'>, act: () => Promise<T>): Promise<T>
}

/** A trail that monitoring can read: what was recorded through it, counted. */
export interface CountedTrail extends Trail {
  counts(): readonly EventCount[]
}

/** `onLost` is told of an outcome that could not be written after its act was done. */
export function createTrail(
  audit: Pick<Audit, 'record'>,
  options: { clock: () => Date; onLost: (event: AuditEvent, error: unknown) => void },
): CountedTrail {
  const counts = createEventCounts()
  const record = async (event: AuditEvent): Promise<string> => {
    const number = await audit.record(event)
    counts.add(event)
    return number
  }
  return {
    record,
    act: (event, act) => auditedAct({ record }, event, act, options),
    counts: () => counts.read(),
  }
}
