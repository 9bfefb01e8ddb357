import { Problem } from '../problems/problem.ts'
import type { AuditEvent } from './event.ts'

export interface AuditLane {
  record(event: AuditEvent): Promise<string>
  settled(): Promise<void>
}

/** Events written in one statement at most. */
const batchSize = 500

type Waiting = { event: AuditEvent; resolve: (id: string) => void; reject: (error: unknown) => void }

/**
 * Collects what comes while a batch is being written, and writes it as the next one: a busy trail needs few statements. `write` returns the
 * number of the first event of its batch.
 */
export function createAuditLane(write: (events: readonly AuditEvent[]) => Promise<number>): AuditLane {
  let waiting: Waiting[] = []
  let working: Promise<void> | undefined

  const work = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, batchSize)
      waiting = waiting.slice(batchSize)
      try {
        const first = await write(batch.map(({ event }) => event))
        for (const [index, { resolve }] of batch.entries()) resolve(String(first + index))
      } catch (cause) {
        for (const { reject } of batch) reject(new Problem('audit-unavailable', { retryAfter: 2, cause }))
      }
    }
    working = undefined
  }

  return {
    record: (event) =>
      new Promise((resolve, reject) => {
        waiting.push({ event, resolve, reject })
        working ??= work()
      }),
    async settled() {
      await working
    },
  }
}
