import { BerReader } from '../ber-reader.ts'
import { berBytes } from '../ber-writer.ts'
import { type Control, findControl } from '../control.ts'
import type { Filter } from '../filter.ts'
import { readFilter, writeFilter } from '../filter-codec.ts'

/** RFC 4528: do it only if the entry matches this filter at that moment; else result 122 (assertionFailed). */
export const ASSERTION = '1.3.6.1.1.12'

/** Always critical: a server that ignored it would do the very thing that the filter forbids. */
export function assertion(filter: Filter): Control {
  return { oid: ASSERTION, critical: true, value: berBytes((writer) => writeFilter(writer, filter)) }
}

export function readAssertion(controls: readonly Control[]): Filter | undefined {
  const value = findControl(controls, ASSERTION)?.value
  return value && readFilter(new BerReader(value))
}
