import type { Database } from '../store/postgres.ts'
import type { Sealer } from '../store/seal.ts'
import { createAuditLane, type AuditLane } from './audit-lane.ts'
import { createAuditWriter } from './audit-writer.ts'
import type { Head } from './chain.ts'
import { defaultLimits, type SegmentLimits } from './close-segment.ts'
import type { AuditEvent } from './event.ts'
import { peopleOf, toFacts } from './facts.ts'
import { forgetPerson, type Forgetting } from './forget-person.ts'
import { listEvents, type AuditPage, type AuditQuery } from './list-events.ts'
import { createPeople } from './people.ts'
import { purgeSegments, type Purge } from './purge-segments.ts'
import { verifyChain, type Anchor, type Verdict } from './verify-chain.ts'

export interface Audit {
  /**
   * Writes an event and resolves with its number in the tenant's trail when it is on disk. Throws Problem `audit-unavailable` when it
   * could not be written: then what it tells of must not be done.
   */
  record(event: AuditEvent): Promise<string>
  list(tenant: string, query: AuditQuery): Promise<AuditPage>
  /** Reads the whole trail of a tenant and says whether anything in it was changed, removed, moved or added by others than us. */
  verify(tenant: string, anchors?: readonly Anchor[]): Promise<Verdict>
  /** Removes the closed segments whose newest event is older than `before`; returns how many events that were. Leaves an event. */
  purge(purge: Purge): Promise<number>
  /** Destroys the key of a person: their events stay and still verify, who it was is gone. Leaves an event. */
  forget(forgetting: Forgetting): Promise<void>
  /** Resolves when all that was given to `record` is written or refused. */
  settled(): Promise<void>
}

export type AuditOptions = {
  database: Database
  sealer: Sealer
  limits?: SegmentLimits
  clock?: () => Date
  /** Told of each closed segment. Kept outside the database (a log), it is what `verify` can be held against. */
  onClosed?: (anchor: Anchor & { tenant: string }) => void
}

/** The audit of all tenants, each with a chain and a queue of its own. */
export function createAudit(options: AuditOptions): Audit {
  const { database, sealer, limits = defaultLimits, clock = () => new Date() } = options
  const people = createPeople(database, sealer)
  const onClosed = ({ tenant, seq, hash }: Head): void => options.onClosed?.({ tenant, seq, hash })
  const lanes = new Map<string, AuditLane>()

  const laneOf = (tenant: string) => {
    let lane = lanes.get(tenant)
    if (lane === undefined) {
      const write = createAuditWriter(tenant, { database, sealer, limits, clock, onClosed })
      lane = createAuditLane(async (events) => {
        const known = await people.find(tenant, events.flatMap(peopleOf))
        return await write(events.map((event) => toFacts(sealer, event, known)))
      })
      lanes.set(tenant, lane)
    }
    return lane
  }

  const audit: Audit = {
    record: (event) => laneOf(event.tenant).record(event),
    list: (tenant, query) => listEvents({ database, sealer, people }, tenant, query),
    verify: (tenant, anchors = []) => verifyChain(database, sealer, tenant, anchors),
    purge: (purge) => purgeSegments({ audit, database, sealer, limits, clock, onClosed }, purge),
    forget: (forgetting) => forgetPerson(audit, people, forgetting, clock),
    async settled() {
      for (const lane of lanes.values()) await lane.settled()
    },
  }
  return audit
}
