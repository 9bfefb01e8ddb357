import { type LdifLine, ldifLines } from '../../../src/ldap/ldif-lines.ts'
import { readRecord } from '../../../src/ldap/ldif-record.ts'
import { LdapSyntaxError } from '../../../src/ldap/syntax-error.ts'
import type { SyncRecord } from '../../record.ts'
import { IncompleteSource, type RecordFault } from '../connector.ts'
import { entryRecord, type EntryForm } from '../entry-record.ts'

export type ReadEntry = { readonly record: SyncRecord } | { readonly fault: RecordFault }

/**
 * The entries of an LDIF, one by one. Records that are none are told and passed over. Throws IncompleteSource when its lines cannot be told
 * apart, or when ldapsearch wrote at its end that it did not get everything. Returns what it ends in, when not after a line end.
 */
export async function* readEntries(
  chunks: AsyncIterable<Buffer>,
  form: EntryForm,
  needsLineEnd: boolean,
): AsyncGenerator<ReadEntry, 'line' | null> {
  const lines = ldifLines()
  let last: number | undefined
  for await (const chunk of chunks) {
    for (const record of cut(() => lines.push(chunk))) yield* readLines(record, form)
    last = chunk.at(-1)
  }
  const endsInLine = last !== undefined && last !== 0x0a
  for (const record of cut(() => lines.end()))
    // What may be cut off is not handed out.
    if (!endsInLine || !needsLineEnd) yield* readLines(record, form)
  return endsInLine ? 'line' : null
}

function cut(act: () => LdifLine[][]): LdifLine[][] {
  try {
    return act()
  } catch (error) {
    if (error instanceof LdapSyntaxError) throw new IncompleteSource('faulty', error.message)
    throw error
  }
}

function* readLines(lines: readonly LdifLine[], form: EntryForm): Generator<ReadEntry> {
  if (isOutcome(lines)) return
  const place = `line ${lines[0]?.line ?? 0}`
  try {
    const read = readRecord(lines, {})
    if ('change' in read) yield { fault: { place, text: 'a change, not an entry' } }
    else yield told(place, entryRecord(read.entry, form))
  } catch (error) {
    if (!(error instanceof LdapSyntaxError)) throw error
    yield { fault: { place, text: error.message } }
  }
}

function told(place: string, { record, faulty }: ReturnType<typeof entryRecord>): ReadEntry {
  if (faulty === undefined) return { record }
  return { fault: { place, column: faulty, text: 'not text: name it in `binary`', record } }
}

/** ldapsearch without -LLL ends with `search: 2` and `result: 4 Size limit exceeded`. */
function isOutcome([first, second]: readonly LdifLine[]): boolean {
  if (!first?.text.startsWith('search: ') || !second?.text.startsWith('result: ')) return false
  const code = Number.parseInt(second.text.slice('result: '.length), 10)
  if (code !== 0)
    throw new IncompleteSource('truncated', `the search that wrote the file ended with LDAP ${code}`)
  return true
}
