import { Problem } from '../problems/problem.ts'
import type { Audit } from './create-audit.ts'
import type { AuditEvent } from './event.ts'

/**
 * Does an act that must leave a trace: writes `attempted`, does it, writes `done`, or `refused` (a Problem that blames the request) or
 * `failed`. Throws Problem `audit-unavailable`, and does nothing, when the attempt cannot be written. When the outcome cannot be written the
 * act is done all the same and its attempt is in the trail: `onLost` is told, and the act's result returned.
 */
export async function auditedAct<T>(
  audit: Pick<Audit, 'record'>,
  event: Omit<AuditEvent, 'result' | 'time'>,
  act: () => Promise<T>,
  { clock, onLost }: { clock: () => Date; onLost: (event: AuditEvent, error: unknown) => void },
): Promise<T> {
  await audit.record({ ...event, time: clock(), result: 'attempted' })
  const tell = async (outcome: Pick<AuditEvent, 'result' | 'code'>): Promise<void> => {
    const last = { ...event, ...outcome, time: clock() }
    await audit.record(last).catch((error: unknown) => onLost(last, error))
  }
  let result: T
  try {
    result = await act()
  } catch (error) {
    await tell(outcomeOf(error))
    throw error
  }
  await tell({ result: 'done' })
  return result
}

function outcomeOf(error: unknown): Pick<AuditEvent, 'result' | 'code'> {
  if (!(error instanceof Problem)) return { result: 'failed', code: 'internal' }
  return { result: error.status < 500 ? 'refused' : 'failed', code: error.code }
}
