import type { AuditEvent } from './event.ts'

/** How often something was recorded by this process since it began. `code` is '' where there is none. */
export type EventCount = Pick<AuditEvent, 'tenant' | 'action' | 'result'> & { code: string; count: number }

export type EventCounts = {
  add(event: AuditEvent): void
  read(): readonly EventCount[]
}

/** Counts what the audit holds, for monitoring: codes are of closed lists, and nobody's name is in it. */
export function createEventCounts(): EventCounts {
  const counts = new Map<string, EventCount>()
  return {
    add({ tenant, action, result, code = '' }) {
      const key = `${tenant} ${action} ${result} ${code}`
      const count = (counts.get(key)?.count ?? 0) + 1
      counts.set(key, { tenant, action, result, code, count })
    },
    read: () => [...counts.values()],
  }
}
