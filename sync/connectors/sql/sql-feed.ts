import { hash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SqlSource } from '../../../src/config/sync-side-schema.ts'
import type { SyncRecord } from '../../record.ts'
import { IncompleteSource, type Feed, type FeedEvent, type Wanted } from '../connector.ts'
import { highWaterAfter, readToken, lowerBound, type HighWater } from './high-water.ts'
import { readTable, wholeRecords, type Reading } from './read-table.ts'
import { orIncomplete, type SqlTable } from './sql-table.ts'

export type FeedOptions = Reading & {
  readonly changes: NonNullable<SqlSource['changes']>
  readonly clock: () => Date
}

/**
 * What changed, by a column that grows with every change. Rows that are gone are not noticed. The last `overlap` is read again, so that a row may
 * come twice as it is: a transaction that began earlier may end later.
 */
export function sqlFeed(options: FeedOptions): Feed {
  return {
    async *changes(token, asked, { follow }) {
      let last = readToken(token)
      const isNews = follow ? newsFilter() : () => true
      const wanted = follow ? tellingOnce(asked) : asked
      for (let failures = 0; ;) {
        try {
          for await (const event of changesSince(options, last, wanted)) {
            if ('highWater' in event) {
              last = event.highWater
              failures = 0
              yield { type: 'token', token: JSON.stringify(last) }
            } else if (isNews(event.record)) yield event
          }
        } catch (error) {
          if (wanted.signal?.aborted === true) return
          if (!follow || !(error instanceof IncompleteSource) || !isPassing(error)) throw error
          failures++
        }
        if (!follow) return
        const pause = failures === 0 ? options.changes.interval : Math.min(2 ** (failures - 1), 60)
        await sleep(pause * 1_000, undefined, wanted.signal && { signal: wanted.signal }).catch(() => {})
        if (wanted.signal?.aborted === true) return
      }
    },
  }
}

async function* changesSince(
  options: FeedOptions,
  last: HighWater | null,
  wanted: Wanted,
): AsyncGenerator<Extract<FeedEvent, { type: 'changed' }> | { highWater: HighWater }> {
  const { changes, clock, side } = options
  const table = await options.table()
  const column = columnOf(table, changes.column)
  // Before the rows: what is written meanwhile is read again.
  const now = clock()
  const highest = await highestOf(options, table, column)
  const bound = lowerBound(last, changes)
  const condition =
    bound === null
      ? undefined
      : { sql: wholeRecords(table, side, `${column} > ${table.dialect.parameter(1)}`), values: [bound] }
  for await (const record of readTable(options, wanted, condition)) yield { type: 'changed', record }
  yield { highWater: highWaterAfter(last, highest, now, changes) }
}

function columnOf({ columns, dialect }: SqlTable, name: string): string {
  const found = columns.find(({ attribute }) => attribute === name.toLowerCase())
  if (!found) throw new IncompleteSource('faulty', `there is no column ${name}`)
  return dialect.quote(found.column.name)
}

async function highestOf(
  { session, changes }: FeedOptions,
  { dialect, from }: SqlTable,
  column: string,
): Promise<string | null> {
  const highest = dialect.asText(`max(${column})`, changes.type)
  const { rows } = await orIncomplete(dialect, () =>
    session.query({ sql: `select ${highest} from ${from}`, values: [] }),
  )
  const cell = rows[0]?.[0]
  return typeof cell === 'string' && cell !== '' ? cell : null
}

function isPassing({ reason }: IncompleteSource): boolean {
  return reason === 'lost' || reason === 'unreachable' || reason === 'time-limit'
}

const REMEMBERED = 10_000

/** Leaves out what was told already and is the same still: the overlap is read every few seconds. */
function newsFilter(): (record: SyncRecord) => boolean {
  const told = new Map<string, string>()
  return (record) => {
    const print = hash('sha1', JSON.stringify(record.names().map((name) => [name, record.values(name)])))
    if (told.get(record.id) === print) return false
    if (told.size >= REMEMBERED) told.clear()
    told.set(record.id, print)
    return true
  }
}

/** The same for faults. */
function tellingOnce(wanted: Wanted): Wanted {
  const told = new Set<string>()
  return {
    ...wanted,
    onFault(fault) {
      const print = JSON.stringify([fault.place, fault.column, fault.text])
      if (told.has(print)) return
      if (told.size >= REMEMBERED) told.clear()
      told.add(print)
      wanted.onFault?.(fault)
    },
  }
}
