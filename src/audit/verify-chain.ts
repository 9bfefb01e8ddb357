import { z } from 'zod'
import type { Database, Queries } from '../store/postgres.ts'
import type { Sealer } from '../store/seal.ts'
import { readHead } from './audit-writer.ts'
import { isHeadMac, isPurgeMac, isSegmentMac, type Head, type Segment } from './chain.ts'
import { entrySchema, genesis, hashEntry } from './entry.ts'
import { segmentRow } from './segment-row.ts'

/** Where a chain was at some time, kept outside the database. */
export type Anchor = { seq: number; hash: string }

export type Verdict =
  | { ok: true; events: number; head: Anchor }
  | { ok: false; events: number; fault: string }

const batchSize = 2_000
const none: Anchor = { seq: 0, hash: genesis }

/**
 * Reads a tenant's trail from its first event to its head, as it was at one moment, in constant memory. The chain shows changes within, the
 * signatures of head and segments changes at the ends. That a whole trail was put back to an older state shows only against `anchors`.
 */
export async function verifyChain(
  database: Database,
  sealer: Sealer,
  tenant: string,
  anchors: readonly Anchor[],
): Promise<Verdict> {
  return await database.snapshot(async (tx) => {
    const walk = createWalk(tenant, anchors)
    try {
      const head = await readOwnHead(tx, sealer, tenant)
      for (const part of await readParts(tx, sealer, head)) {
        walk.enter(part)
        if (!part.purged) for await (const text of readEntries(tx, part)) walk.step(text)
        walk.leave(part)
      }
      await refuseStrays(tx, tenant, head)
      walk.end()
      return { ok: true, events: walk.events(), head: walk.at() }
    } catch (error) {
      if (!(error instanceof BrokenChain)) throw error
      return { ok: false, events: walk.events(), fault: error.message }
    }
  })
}

class BrokenChain extends Error {}

function check(holds: boolean, fault: string): asserts holds {
  if (!holds) throw new BrokenChain(fault)
}

type Part = Pick<Segment, 'tenant' | 'segment' | 'firstSeq' | 'lastSeq' | 'lastHash'> & {
  firstPrev?: string
  purged: boolean
}

function createWalk(tenant: string, anchors: readonly Anchor[]) {
  let at = none
  let part = 0
  let events = 0
  const pending = new Map(anchors.map(({ seq, hash }) => [seq, hash]))
  const move = (to: Anchor): void => {
    at = to
    check(
      (pending.get(at.seq) ?? at.hash) === at.hash,
      `event ${at.seq} is not the one that was noted outside`,
    )
    pending.delete(at.seq)
  }
  return {
    at: () => at,
    events: () => events,
    enter({ segment, firstSeq, firstPrev = at.hash }: Part): void {
      check(
        segment === part + 1 && firstSeq === at.seq + 1,
        `segment ${segment} does not follow segment ${part}`,
      )
      check(firstPrev === at.hash, `segment ${segment} does not begin where segment ${part} ended`)
      part = segment
    },
    step(text: string): void {
      const entry = entrySchema.safeParse(JSON.parse(text))
      check(entry.success, `event ${at.seq + 1} is no event`)
      const { seq, prev, segment } = entry.data
      const follows =
        entry.data.tenant === tenant && segment === part && seq === at.seq + 1 && prev === at.hash
      check(follows, `event ${seq} does not follow event ${at.seq}`)
      move({ seq, hash: hashEntry(text) })
      events += 1
    },
    leave({ segment, lastSeq, lastHash, purged }: Part): void {
      if (purged) {
        for (const seq of pending.keys()) if (seq < lastSeq) pending.delete(seq)
        move({ seq: lastSeq, hash: lastHash })
      }
      check(
        at.seq === lastSeq && at.hash === lastHash,
        `segment ${segment} does not end with event ${lastSeq}`,
      )
    },
    end(): void {
      const [missing] = pending.keys()
      check(missing === undefined, `event ${missing} was noted outside and is missing`)
    },
  }
}

async function readOwnHead(tx: Queries, sealer: Sealer, tenant: string): Promise<Head | undefined> {
  const found = await readHead(tx, tenant)
  if (found === undefined) return undefined
  check(isHeadMac(sealer, found.head, found.mac), 'the head is not ours')
  return found.head
}

/** The closed segments in order, then the open one. */
async function readParts(tx: Queries, sealer: Sealer, head: Head | undefined): Promise<Part[]> {
  if (head === undefined) return []
  const rows = await tx.query(segmentRow, 'select * from audit_segments where tenant = $1 order by segment', [
    head.tenant,
  ])
  const closed = rows.map(({ segment, mac, purgeMac }) => {
    check(isSegmentMac(sealer, segment, mac), `segment ${segment.segment} is not ours`)
    const isOurs = purgeMac === null || isPurgeMac(sealer, segment, purgeMac)
    check(isOurs, `segment ${segment.segment} was not purged by us`)
    return { ...segment, purged: purgeMac !== null }
  })
  const { tenant, segment, firstSeq, seq, hash } = head
  return [...closed, { tenant, segment, firstSeq, lastSeq: seq, lastHash: hash, purged: false }]
}

const entryRow = z.object({ seq: z.coerce.number(), entry: z.string() })

async function* readEntries(tx: Queries, { tenant, firstSeq, lastSeq }: Part): AsyncGenerator<string> {
  for (let from = firstSeq; from <= lastSeq;) {
    const rows = await tx.query(entryRow, entriesSql, [tenant, from, lastSeq, batchSize], 'audit-verify')
    const last = rows.at(-1)
    check(last !== undefined, `event ${from} is missing`)
    for (const { entry } of rows) yield entry
    from = last.seq + 1
  }
}

/** Events that no segment has: beyond the head, or beside what was purged. */
async function refuseStrays(tx: Queries, tenant: string, head: Head | undefined): Promise<void> {
  const [stray] = await tx.query(z.object({ seq: z.coerce.number() }), straysSql, [tenant, head?.seq ?? 0])
  check(stray === undefined, `event ${stray?.seq} is not part of the chain`)
  if (head !== undefined) return
  const segments = await tx.query(segmentRow, 'select * from audit_segments where tenant = $1 limit 1', [
    tenant,
  ])
  check(segments.length === 0, 'the head is missing')
}

const entriesSql = `select seq, entry::text as entry from audit_events
  where tenant = $1 and seq between $2 and $3 order by seq limit $4`

const straysSql = `select seq from audit_events e where tenant = $1 and (seq < 1 or seq > $2 or exists (
  select from audit_segments s where s.tenant = e.tenant and s.purge_mac is not null and e.seq between s.first_seq and s.last_seq
)) limit 1`
