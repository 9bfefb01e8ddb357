import type { ExecConnection } from '../../../src/config/sync-connection-schema.ts'
import { formatLdif } from '../../../src/ldap/ldif-writer.ts'
import type { SyncRecord, Value } from '../../record.ts'
import type { RecordFault, Source, Wanted } from '../connector.ts'
import { binaryAttributes } from '../entry-record.ts'
import { readEntries, type ReadEntry } from '../ldif/read-entries.ts'
import { checkEnd, endText, type Programs, programsOf } from './programs.ts'

const isBinary = binaryAttributes([])

/**
 * What programs print as LDIF, as LSC's executable plugin has it: `list` prints everything, or the DN and the pivots of everything when there is a `get`,
 * which prints one entry. A record is known by its DN.
 */
export function execSource(connection: ExecConnection, programs: Programs = programsOf(connection)): Source {
  return {
    read: (wanted) => read(connection, programs, wanted),
    close: () => Promise.resolve(),
  }
}

async function* read(
  { get, parallel }: ExecConnection,
  programs: Programs,
  wanted: Wanted,
): AsyncGenerator<SyncRecord> {
  const told = (entry: ReadEntry): SyncRecord[] => {
    if ('record' in entry) return [byName(entry.record)]
    wanted.onFault?.(entry.fault)
    return []
  }
  if (get === undefined) {
    for await (const entry of listed(programs, wanted)) yield* told(entry)
    return
  }
  for await (const batch of inBatches(listed(programs, { ...wanted, attributes: 'all' }), parallel)) {
    const entries = await Promise.all(
      batch.map(async (entry) =>
        'record' in entry ? await getOne(get, programs, entry.record, wanted) : entry,
      ),
    )
    yield* entries.flatMap(told)
  }
}

async function* listed(programs: Programs, { attributes, signal }: Wanted): AsyncGenerator<ReadEntry> {
  const running = programs.list(signal)
  const entries = readEntries(running.output, { wanted: attributes, isBinary }, false)
  // The last entry may be cut: it is handed out when the program has ended as it should.
  let last: ReadEntry | undefined
  for await (const entry of entries) {
    if (last) yield last
    last = entry
  }
  const end = await running.ended
  signal?.throwIfAborted()
  checkEnd('list', end)
  if (last) yield last
}

/** One that cannot be got is not gone. */
async function getOne(
  get: readonly string[],
  programs: Programs,
  record: SyncRecord,
  wanted: Wanted,
): Promise<ReadEntry> {
  const fault = (text: string): { fault: RecordFault } => ({
    fault: { place: record.name, text, record: byName(record) },
  })
  const end = await programs.run(get, record.name, pivotsOf(record), wanted.signal)
  wanted.signal?.throwIfAborted()
  if (end.how !== 'exited' || end.status !== 0) return fault(`get ${endText(end)}`)
  const entries = await entriesIn(end.output, wanted.attributes)
  const [entry] = entries
  return entry !== undefined && entries.length === 1 ? entry : fault(`get printed ${entries.length} entries`)
}

/** The entries that a program printed. */
export async function entriesIn(output: Buffer, attributes: Wanted['attributes']): Promise<ReadEntry[]> {
  async function* chunks(): AsyncGenerator<Buffer> {
    yield output
  }
  return await Array.fromAsync(readEntries(chunks(), { wanted: attributes, isBinary }, false))
}

/** As lines of LDIF, without a DN. */
function pivotsOf(record: SyncRecord): string {
  const bytes = (value: Value): Buffer => Buffer.from(value)
  const attributes = record.names().map((name) => ({ name, values: record.values(name).map(bytes) }))
  const entry = { dn: '', attributes: new Map(attributes.map((each) => [each.name, each])) }
  return formatLdif(entry).replace(/^dn:.*\n/, '')
}

/** Programs know entries by their DN alone. */
export function byName(record: SyncRecord): SyncRecord {
  return { ...record, id: record.name }
}

async function* inBatches<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let batch: T[] = []
  for await (const item of items) {
    batch.push(item)
    if (batch.length < size) continue
    yield batch
    batch = []
  }
  yield batch
}
