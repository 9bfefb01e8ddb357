import { BerReader, SEQUENCE } from '../ber-reader.ts'
import { berBytes } from '../ber-writer.ts'
import { type Control, findControl, NO_CONTROLS } from '../control.ts'
import type { Entry } from '../entry.ts'
import { readTexts } from '../result-codec.ts'
import { readSearchEntry, writeSearchEntry } from '../search-message.ts'

/** RFC 4527: the entry as a change left it, in the same step: no second read that could see a later change. */
export const POST_READ = '1.3.6.1.1.13.2'

/** On add, modify or modifyDn: these attributes of the entry come back with the result. */
export function postRead(attributes: readonly string[], critical = false): Control {
  const value = berBytes((writer) => {
    const list = writer.begin(SEQUENCE)
    for (const attribute of attributes) writer.text(attribute)
    writer.end(list)
  })
  return { oid: POST_READ, critical, value }
}

/** The server's side of the request. */
export function readPostReadAttributes(controls: readonly Control[]): string[] | undefined {
  const value = findControl(controls, POST_READ)?.value
  return value && readTexts(new BerReader(value), SEQUENCE)
}

/** The server's side: on the result. */
export function postReadResponse(entry: Entry): Control {
  return { oid: POST_READ, critical: false, value: berBytes((writer) => writeSearchEntry(writer, entry)) }
}

/** The entry after the change; undefined when the server did not send it. */
export function readPostRead(controls: readonly Control[]): Entry | undefined {
  const value = findControl(controls, POST_READ)?.value
  return value && readSearchEntry(new BerReader(value), NO_CONTROLS).entry
}
