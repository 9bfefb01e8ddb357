import type { Destination, FeedEvent, Wanted } from '../../../sync/connectors/connector.ts'
import type { SyncRecord } from '../../../sync/record.ts'
import { until } from '../../support/poll.ts'

/** Follows a feed and remembers what it told. */
export type Follower = {
  readonly events: readonly FeedEvent[]
  readonly token: string | undefined
  /** Waits for such an event that nobody has waited for yet. */
  until(event: Expected, within?: number): Promise<void>
  /** Waits until the feed has said of all of `ids` that this one alone is gone. */
  untilGone(id: string, ids: readonly string[]): Promise<void>
  stop(): Promise<void>
}
type Expected = { type: FeedEvent['type']; uid?: string; id?: string }

export function follow(side: Destination, token: string | null, wanted: Wanted): Follower {
  if (side.feed === undefined) throw new Error('no feed')
  const stopping = new AbortController()
  const events: FeedEvent[] = []
  let failure: Error | undefined
  let last: string | undefined
  const feed = side.feed.changes(token, { ...wanted, signal: stopping.signal }, { follow: true })
  const running = (async () => {
    for await (const event of feed) {
      events.push(event)
      if (event.type === 'token') last = event.token
    }
  })().catch((error: unknown) => (failure = error instanceof Error ? error : new Error(String(error))))
  let from = 0
  return {
    events,
    get token() {
      return last
    },
    until: async (expected, within = 15_000) => {
      await until(
        () => {
          if (failure !== undefined) throw failure
          const found = events.findIndex((event, index) => index >= from && isSuch(event, expected))
          if (found < 0) return false
          from = found + 1
          return true
        },
        { within },
      )
    },
    untilGone: async (id, ids) => {
      await until(() => seen(events, ids).gone.includes(id), { within: 15_000 })
    },
    stop: async () => {
      stopping.abort()
      await running
      if (failure !== undefined) throw failure
    },
  }
}

function isSuch(event: FeedEvent, { type, uid, id }: Expected): boolean {
  if (event.type !== type) return false
  if (uid !== undefined) return event.type === 'changed' && uidOf(event.record) === uid
  return id === undefined || (event.type === 'deleted' && event.id === id)
}

export function uidOf(record: SyncRecord): string {
  return String(record.values('uid')[0] ?? record.values('cn')[0] ?? '')
}

/** What a consumer knows after these events, who knew `before`. */
export function seen(
  events: readonly FeedEvent[],
  before: readonly string[] = [],
): { changed: string[]; records: SyncRecord[]; gone: string[] } {
  const records: SyncRecord[] = []
  const there = new Set(before)
  let present = new Set<string>()
  const gone = new Set<string>()
  for (const event of events) {
    if (event.type === 'changed') {
      records.push(event.record)
      there.add(event.record.id)
      present.add(event.record.id)
    } else if (event.type === 'unchanged') present.add(event.id)
    else if (event.type === 'deleted') {
      gone.add(event.id)
      present.delete(event.id)
    } else if (event.type === 'restart') present = new Set()
    else if (event.type === 'rest-is-gone') for (const id of there) if (!present.has(id)) gone.add(id)
  }
  return { changed: records.map(uidOf), records, gone: [...gone] }
}
