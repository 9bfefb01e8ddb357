import { BerReader, ENUMERATED, SEQUENCE } from '../ber-reader.ts'
import { berBytes } from '../ber-writer.ts'
import { type Control, findControl } from '../control.ts'

/** RFC 2891. */
export const SORT_REQUEST = '1.2.840.113556.1.4.473'
const SORT_RESPONSE = '1.2.840.113556.1.4.474'

const ORDERING_RULE = 0x80
const REVERSE_ORDER = 0x81
const FAILED_ATTRIBUTE = 0x80

/** An attribute without an ordering rule of its own (`uid` on OpenLDAP) needs one here, such as `caseIgnoreOrderingMatch`. */
export type SortKey = { readonly attribute: string; readonly rule?: string; readonly reverse?: boolean }

/** What the server made of the request: `code` is a result code, `attribute` the one it could not sort by. */
export type SortResult = { readonly code: number; readonly attribute?: string }

/** On a search. When critical, a server that cannot sort refuses instead of answering unsorted. */
export function serverSideSort(keys: readonly SortKey[], critical = true): Control {
  const value = berBytes((writer) => {
    const list = writer.begin(SEQUENCE)
    for (const { attribute, rule, reverse } of keys) {
      const key = writer.begin(SEQUENCE)
      writer.text(attribute)
      if (rule !== undefined) writer.text(rule, ORDERING_RULE)
      if (reverse === true) writer.boolean(true, REVERSE_ORDER)
      writer.end(key)
    }
    writer.end(list)
  })
  return { oid: SORT_REQUEST, critical, value }
}

/** The server's side of the request. */
export function readServerSideSort(controls: readonly Control[]): SortKey[] | undefined {
  const value = findControl(controls, SORT_REQUEST)?.value
  if (!value) return undefined
  const reader = new BerReader(value)
  const keys: SortKey[] = []
  const outer = reader.enter(SEQUENCE)
  while (reader.more) {
    const key = reader.enter(SEQUENCE)
    const attribute = reader.text()
    const rule = reader.peek() === ORDERING_RULE ? { rule: reader.text(ORDERING_RULE) } : {}
    const reverse = reader.peek() === REVERSE_ORDER ? { reverse: reader.boolean(REVERSE_ORDER) } : {}
    reader.leave(key)
    keys.push({ attribute, ...rule, ...reverse })
  }
  reader.leave(outer)
  return keys
}

/** The server's side: on the result of a search. */
export function sortResponse({ code, attribute }: SortResult): Control {
  const value = berBytes((writer) => {
    const sequence = writer.begin(SEQUENCE)
    writer.enumerated(code)
    if (attribute !== undefined) writer.text(attribute, FAILED_ATTRIBUTE)
    writer.end(sequence)
  })
  return { oid: SORT_RESPONSE, critical: false, value }
}

export function readSortResult(controls: readonly Control[]): SortResult | undefined {
  const value = findControl(controls, SORT_RESPONSE)?.value
  if (!value) return undefined
  const reader = new BerReader(value)
  const outer = reader.enter(SEQUENCE)
  const code = reader.integer(ENUMERATED)
  const attribute = reader.peek() === FAILED_ATTRIBUTE ? { attribute: reader.text(FAILED_ATTRIBUTE) } : {}
  reader.leave(outer)
  return { code, ...attribute }
}
