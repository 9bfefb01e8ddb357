import type { Sealer } from '../store/seal.ts'
import { type Facts, genesis, hashEntry, writeEntry } from './entry.ts'

/** The end of a tenant's chain, and the segment that is open there. */
export type Head = {
  tenant: string
  segment: number
  firstSeq: number
  openedAt: Date
  seq: number
  hash: string
}

/** A closed part of a chain: the events from `firstSeq` to `lastSeq`, between the hash before them and the hash of the last. */
export type Segment = {
  tenant: string
  segment: number
  firstSeq: number
  lastSeq: number
  firstPrev: string
  lastHash: string
  closedAt: Date
  /** Time of the newest event. */
  newest: string
}

/** Where the chain of a tenant begins. */
export function firstHead(tenant: string, now: Date): Head {
  return { tenant, segment: 1, firstSeq: 1, openedAt: now, seq: 0, hash: genesis }
}

/** The entries' texts for `events` after `head`, and the head after them. */
export function extendChain(head: Head, events: readonly Facts[]): { entries: string[]; head: Head } {
  let { seq, hash } = head
  const entries = events.map((event) => {
    seq += 1
    const text = writeEntry({ tenant: head.tenant, segment: head.segment, seq }, hash, event)
    hash = hashEntry(text)
    return text
  })
  return { entries, head: { ...head, seq, hash } }
}

// Hashes alone prove nothing against someone who can write to the database: they would compute them anew. These signatures need our keys.
export function headMac(sealer: Sealer, head: Head): string {
  return sealer.mac('audit', headText(head))
}

export function isHeadMac(sealer: Sealer, head: Head, mac: string): boolean {
  return sealer.isMac('audit', headText(head), mac)
}

export function segmentMac(sealer: Sealer, segment: Segment): string {
  return sealer.mac('audit', segmentText('closed', segment))
}

export function isSegmentMac(sealer: Sealer, segment: Segment, mac: string): boolean {
  return sealer.isMac('audit', segmentText('closed', segment), mac)
}

/** Says that the events of a segment are gone because we removed them. */
export function purgeMac(sealer: Sealer, segment: Segment): string {
  return sealer.mac('audit', segmentText('purged', segment))
}

export function isPurgeMac(sealer: Sealer, segment: Segment, mac: string): boolean {
  return sealer.isMac('audit', segmentText('purged', segment), mac)
}

function headText({ tenant, segment, firstSeq, openedAt, seq, hash }: Head): string {
  return JSON.stringify(['head', tenant, segment, firstSeq, openedAt.toISOString(), seq, hash])
}

function segmentText(state: 'closed' | 'purged', segment: Segment): string {
  const { tenant, segment: number, firstSeq, lastSeq, firstPrev, lastHash, closedAt, newest } = segment
  const place = [tenant, number, firstSeq, lastSeq, firstPrev, lastHash]
  return JSON.stringify([state, ...place, closedAt.toISOString(), newest])
}
